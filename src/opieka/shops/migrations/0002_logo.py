from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shops", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="shop", name="logo", field=models.CharField(default="", max_length=64)
        ),
    ]
