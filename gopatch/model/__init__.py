"""Options and a host in; what the daemon does with that name out: the reference model, plain Python.

It imports nothing else of gopatch and does no I/O; name resolution is a parameter.
"""

from gopatch.go.net import Resolver, no_resolver
from gopatch.model.answers import (
    ACTIONS,
    CORE,
    REDIRECTS,
    STORES,
    WHOLE,
    Action,
    Answer,
    Ask,
    Attempt,
    AttemptEnd,
    Edits,
    HostTask,
    Store,
    Transport,
    Walk,
)
from gopatch.model.attempts import no_road, run
from gopatch.model.config_rules import ConfigRules, patched, preset_rules
from gopatch.model.daemon_json import DaemonSetting, read_daemon_json
from gopatch.model.hosts import Host, registry_hosts
from gopatch.model.lookup import (
    Difference,
    Endpoint,
    guard,
    is_docker_hub,
    is_secure_index,
    loopback_resolver,
    open_list_differences,
    pull_endpoints,
    push_endpoints,
)
from gopatch.model.names import Name, named
from gopatch.model.options import (
    ModelError,
    Options,
    ServiceConfig,
    from_flags,
    service_config,
    validate_host_port,
    validate_index_name,
    validate_mirror,
)
from gopatch.model.presets import PRESETS
from gopatch.model.read_config import read_config_rules
from gopatch.model.read_traits import Read, read_traits
from gopatch.model.tls_settings import CertsFolder, TlsSettings
from gopatch.model.traits import Traits

__all__ = [
    "ACTIONS",
    "CORE",
    "PRESETS",
    "REDIRECTS",
    "STORES",
    "WHOLE",
    "Action",
    "Answer",
    "Ask",
    "Attempt",
    "AttemptEnd",
    "CertsFolder",
    "ConfigRules",
    "DaemonSetting",
    "Difference",
    "Edits",
    "Endpoint",
    "Host",
    "HostTask",
    "ModelError",
    "Name",
    "Options",
    "Read",
    "Resolver",
    "ServiceConfig",
    "Store",
    "TlsSettings",
    "Traits",
    "Transport",
    "Walk",
    "config_rules",
    "from_flags",
    "guard",
    "is_docker_hub",
    "is_secure_index",
    "loopback_resolver",
    "named",
    "no_resolver",
    "no_road",
    "open_list_differences",
    "options",
    "patched",
    "preset_rules",
    "pull_endpoints",
    "push_endpoints",
    "read_config_rules",
    "read_daemon_json",
    "read_traits",
    "registry_hosts",
    "run",
    "service_config",
    "validate_host_port",
    "validate_index_name",
    "validate_mirror",
]
