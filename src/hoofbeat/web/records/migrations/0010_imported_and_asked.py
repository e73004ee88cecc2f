from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0009_who_took_off")]

    operations = [
        migrations.AlterField(
            model_name="recordedfinding",
            name="origin",
            field=models.CharField(
                choices=[
                    ("clinic", "entered in the clinic"),
                    ("family", "told by the patient or family"),
                    ("import", "imported"),
                    ("asked", "imported, and asked about where it came from"),
                ],
                default="clinic",
                max_length=10,
            ),
        ),
    ]
