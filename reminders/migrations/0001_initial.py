import django.db.models.deletion
import jobfirst.migrating.operations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        jobfirst.migrating.operations.RenderedOnce(
            operations=[
                migrations.CreateModel(
                    name='Round',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('on', models.DateField(unique=True)),
                        ('made_at', models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        'ordering': ['-on'],
                    },
                ),
                migrations.CreateModel(
                    name='Digest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('on', models.DateField()),
                        ('state', models.CharField(choices=[('pending', 'Waiting to be sent'), ('sent', 'Sent'), ('dropped', 'Dropped')], default='pending', max_length=10)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('sent_at', models.DateTimeField(null=True)),
                        ('dropped_at', models.DateTimeField(null=True)),
                        ('attempts', models.PositiveIntegerField(default=0)),
                        ('attempted_at', models.DateTimeField(null=True)),
                        ('last_error', models.CharField(blank=True, max_length=80)),
                        ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('reminders', models.ManyToManyField(related_name='digests', through='reminders.DigestItem', to='reminders.reminder')),
                    ],
                    options={
                        'verbose_name': 'digest',
                        'verbose_name_plural': 'digests',
                        'ordering': ['on', 'recipient_id'],
                        'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['on'], name='reminders_digest_pending')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'dropped'), _negated=True), fields=('recipient', 'on'), name='reminders_one_digest_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('dropped_at__isnull', True), ('sent_at__isnull', True), ('state', 'pending')), models.Q(('dropped_at__isnull', True), ('sent_at__isnull', False), ('state', 'sent')), models.Q(('dropped_at__isnull', False), ('sent_at__isnull', True), ('state', 'dropped')), _connector='OR'), name='reminders_digest_state'), models.CheckConstraint(condition=models.Q(models.Q(('attempted_at__isnull', True), ('attempts', 0)), models.Q(('attempted_at__isnull', False), ('attempts__gt', 0)), _connector='OR'), name='reminders_digest_attempts')],
                    },
                ),
                migrations.CreateModel(
                    name='Reminder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=40)),
                        ('subject_type', models.CharField(choices=[('course', 'Course'), ('project', 'Project')], max_length=10)),
                        ('subject', models.CharField(max_length=50)),
                        ('due_on', models.DateField(verbose_name='due')),
                        ('opened_on', models.DateField()),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('closed_at', models.DateTimeField(null=True)),
                        ('sent_at', models.DateTimeField(null=True)),
                        ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'reminder',
                        'verbose_name_plural': 'reminders',
                        'ordering': ['due_on', 'kind', 'subject', 'pk'],
                        'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['recipient', 'due_on'], name='reminders_open_of_recipient'), models.Index(fields=['subject_type', 'subject'], name='reminders_of_subject')],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'subject_type', 'subject', 'recipient', 'due_on'), name='reminders_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind', ''), _negated=True), models.Q(('subject', ''), _negated=True), ('subject_type__in', ['course', 'project'])), name='reminders_subject')],
                    },
                ),
                migrations.CreateModel(
                    name='DigestItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('is_new', models.BooleanField()),
                        ('digest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='reminders.digest')),
                        ('reminder', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='reminders.reminder')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('digest', 'reminder'), name='reminders_item_once'), models.UniqueConstraint(condition=models.Q(('is_new', True)), fields=('reminder',), name='reminders_news_once')],
                    },
                ),
            ],
        ),
    ]
