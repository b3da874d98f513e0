"""The WSGI application that the server runs."""

from django.core.wsgi import get_wsgi_application

from tazuna_web.site.leash import end_with_server

end_with_server()
application = get_wsgi_application()
