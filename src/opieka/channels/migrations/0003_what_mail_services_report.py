from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0002_erasure"),
    ]

    operations = [
        migrations.AddField(
            model_name="dispatch",
            name="reported",
            field=models.CharField(db_default="", default="", max_length=10),
        ),
    ]
