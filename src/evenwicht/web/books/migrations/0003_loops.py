"""What is open on each side, beside what a relation's page is drawn from."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('books', '0002_turns_and_layouts'),
    ]

    operations = [
        migrations.AddField(
            model_name='detail',
            name='loops',
            field=models.TextField(default='{}'),
        ),
    ]
