from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="network",
            field=models.CharField(default="", max_length=16),
            preserve_default=False,
        ),
    ]
