import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
application = get_wsgi_application()

from django.contrib.auth.models import User
from django.core.management import call_command

call_command("migrate", run_syncdb=True, verbosity=0)
User.objects.create_user(
    os.environ["SSPR_PERSON"], os.environ["SSPR_MAIL"], os.environ["SSPR_PASSWORD"]
)
