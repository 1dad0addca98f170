"""Services that acceptance suites need: given by a URL, from Docker, or private instances.

models    what a service is; a plugin may add one
postgresql, redis, rabbitmq    the built-in ones
supply    the one entrance: from services to the variables that suites read
given     a service that the user names by a URL
keeper    a process of its own that owns whatever is started, by
          instance (installed programs) or docker (containers)
control   what suites call to stop and start a service under test
"""
