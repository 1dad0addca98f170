"""RabbitMQ."""

from __future__ import annotations

from scaffolder.services.models import Container, Helper, Private, Probe, Service

# A node is found by its name through the port mapper epmd. With a port mapper, a home (for the
# cookie) and settings of its own, it neither meets nor disturbs another node of the machine.
_NODE = {
    "ERL_EPMD_PORT": "{epmd}",
    "ERL_EPMD_ADDRESS": "127.0.0.1",
    "RABBITMQ_NODENAME": "scaffolder@localhost",
    "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
    "RABBITMQ_NODE_PORT": "{port}",
    "RABBITMQ_DIST_PORT": "{distribution}",
    "RABBITMQ_MNESIA_BASE": "{folder}/mnesia",
    "RABBITMQ_LOG_BASE": "{folder}/log",
    "RABBITMQ_PID_FILE": "{folder}/pid",
    "RABBITMQ_CONF_ENV_FILE": "{folder}/rabbitmq-env.conf",
    "RABBITMQ_CONFIG_FILE": "{folder}/rabbitmq.conf",
    "RABBITMQ_ADVANCED_CONFIG_FILE": "{folder}/advanced.config",
    "RABBITMQ_ENABLED_PLUGINS_FILE": "{folder}/enabled_plugins",
    "RABBITMQ_GENERATED_CONFIG_DIR": "{folder}/generated",
    # Idle schedulers spin by default, which takes the processor from what is being tested.
    "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
        "-start_epmd false -kernel inet_dist_use_interface {{127,0,0,1}} +sbwt none"
    ),
}

RABBITMQ = Service(
    id="rabbitmq",
    title="RabbitMQ",
    variable="ACCEPTANCE_AMQP_URL",
    url="amqp://guest:guest@127.0.0.1:{port}",
    default_port=5672,
    # The answer is the method connection.start.
    probe=Probe(send=b"AMQP\0\0\x09\x01", expect=rb"\x01\0\0.{4}\0\x0a\0\x0a"),
    packages={"apt-get install": "rabbitmq-server", "brew install": "rabbitmq"},
    private=Private(
        programs=("rabbitmq-server", "epmd"),
        # What Debian puts on PATH insists on its own account and settings.
        places=(
            "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin",
            "/opt/homebrew/opt/rabbitmq/sbin",
            "/usr/local/opt/rabbitmq/sbin",
        ),
        account="rabbitmq",
        ports=("epmd", "distribution"),
        files={
            "rabbitmq.conf": "log.console = true\nlog.file = false\n",
            "enabled_plugins": "[].\n",
        },
        environment=_NODE,
        # Started by the node itself, epmd would become a daemon and outlive it.
        helper=Helper(command=("epmd", "-port", "{epmd}", "-address", "127.0.0.1"), port="epmd"),
        start=("rabbitmq-server",),
    ),
    container=Container(
        image="rabbitmq:4",
        port=5672,
        health=("rabbitmq-diagnostics", "--quiet", "check_port_connectivity"),
    ),
)
