from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Effect",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            "Mark",
            [
                ("name", models.CharField(max_length=60, primary_key=True)),
                ("times", models.IntegerField(default=0)),
            ],
        ),
    ]
