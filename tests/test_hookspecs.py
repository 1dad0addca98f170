"""The contract with plugins: small, documented, collecting."""

from __future__ import annotations

import inspect

import pluggy

from scaffolder import hookspecs

HOOKS = {
    "scaffolder_templates": [],
    "scaffolder_layers": [],
    "scaffolder_roadmaps": [],
    "scaffolder_features": ["template"],
    "scaffolder_evidence_kinds": [],
    "scaffolder_services": [],
    "scaffolder_commands": [],
    "scaffolder_project_rendered": ["project"],
    "scaffolder_project_created": ["project"],
    "scaffolder_check_finished": ["report"],
}


def specs():
    manager = pluggy.PluginManager(hookspecs.GROUP)
    manager.add_hookspecs(hookspecs)
    return {
        name: hook for name, hook in vars(manager.hook).items() if name.startswith("scaffolder_")
    }


def test_the_hooks_and_their_arguments_are_what_plugins_were_promised():
    assert {name: list(hook.spec.argnames) for name, hook in specs().items()} == HOOKS
    assert hookspecs.API_VERSION == 1


def test_every_hook_collects():
    assert not any(hook.spec.opts["firstresult"] for hook in specs().values())


def test_every_hook_is_documented():
    assert all(inspect.getdoc(getattr(hookspecs, name)) for name in specs())


def test_the_contract_stays_short():
    assert len(inspect.getsource(hookspecs).splitlines()) < 120
