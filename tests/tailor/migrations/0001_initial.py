import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Suit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cloth', models.CharField(max_length=80)),
                ('colour', models.CharField(choices=[('navy', 'Navy'), ('gray', 'Gray'), ('green', 'Green')], max_length=10)),
                ('price', models.DecimalField(decimal_places=2, max_digits=9)),
                ('ready_on', models.DateField(null=True)),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='suits', to='customers.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['customer', 'ready_on'], name='suit_customer')],
            },
        ),
    ]
