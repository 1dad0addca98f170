"""What the plugins bring: each is asked alone, so that none can stop the others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from scaffolder.errors import (
    InvalidTemplate,
    ScaffolderError,
    UnknownProject,
    did_you_mean,
    is_interruption,
)
from scaffolder.loading import PluginInfo, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import click
    import pluggy

    from scaffolder.models import Feature, Layer, Notice, Project, Template
    from scaffolder.results import EvidenceKind, Report
    from scaffolder.roadmap.models import Roadmap, RoadmapProject
    from scaffolder.services.models import Service

T = TypeVar("T")


class Plugins:
    """The plugins of one run, and what they bring."""

    def __init__(self, manager: pluggy.PluginManager, infos: Iterable[PluginInfo]) -> None:
        self._manager = manager
        self._infos = list(infos)
        self._problems: list[InvalidTemplate] = []

    def infos(self) -> tuple[PluginInfo, ...]:
        """Return every plugin, the built-in one first, the others by name."""
        return tuple(self._infos)

    def failures(self) -> tuple[PluginInfo, ...]:
        """Return the plugins that failed so far."""
        return tuple(info for info in self._infos if info.error)

    def templates(self) -> tuple[Template, ...]:
        """Return the templates of all plugins, by id, that agree with their roadmaps."""
        from scaffolder.models import Template

        return self._collect("scaffolder_templates", Template, check=self._own_features)

    def layers(self) -> dict[str, Layer]:
        """Return the layers of all plugins, by id."""
        from scaffolder.models import Layer

        return {layer.id: layer for layer in self._collect("scaffolder_layers", Layer)}

    def roadmaps(self) -> tuple[Roadmap, ...]:
        """Return the roadmaps of all plugins, by id."""
        from scaffolder.roadmap.models import Roadmap

        return self._collect("scaffolder_roadmaps", Roadmap)

    def evidence_kinds(self) -> dict[str, EvidenceKind]:
        """Return the kinds of evidence of all plugins, by id."""
        from scaffolder.results import EvidenceKind

        return {kind.id: kind for kind in self._collect("scaffolder_evidence_kinds", EvidenceKind)}

    def services(self) -> dict[str, Service]:
        """Return the services of all plugins, by id."""
        from scaffolder.services.models import Service

        return {item.id: item for item in self._collect("scaffolder_services", Service)}

    def commands(self, taken: Iterable[str]) -> dict[str, click.Command]:
        """Return the commands of all plugins by name, without those whose name is taken."""
        import click

        found = self._collect(
            "scaffolder_commands", click.Command, key="name", taken=frozenset(taken)
        )
        return {str(command.name): command for command in found}

    def template(self, identity: str) -> Template:
        """Return one template.

        Raises:
            UnknownProject: with a suggestion.
            InvalidTemplate: when that template is there, but broken.
        """
        known = {template.id: template for template in self.templates()}
        if identity in known:
            return known[identity]
        for problem in self._problems:
            if problem.file and identity in Path(problem.file).parts:
                raise problem
        if identity in self._planned():
            raise UnknownProject(
                f"{identity} is planned, and no template generates it yet",
                why="a plugin may bring one",
                mend="scaffolder list",
            )
        raise UnknownProject(
            f"no project is called {identity!r}",
            why=did_you_mean(identity, known),
            mend="scaffolder list",
        )

    def place(self, template: Template) -> tuple[Roadmap, RoadmapProject] | None:
        """Return the roadmap and the project in it that `template` generates, if it names one.

        Raises:
            InvalidTemplate: when there is no such roadmap or project.
        """
        if template.project is None:
            return None
        file = template.root / "template.yml"
        roadmaps = {roadmap.id: roadmap for roadmap in self.roadmaps()}
        roadmap = roadmaps.get(template.roadmap or "")
        if roadmap is None:
            hint = did_you_mean(template.roadmap or "", roadmaps)
            raise InvalidTemplate(f"no such roadmap; {hint}", file=file, key="roadmap")
        projects = {project.id: project for project in roadmap.projects}
        if template.project not in projects:
            hint = did_you_mean(template.project, projects)
            raise InvalidTemplate(f"no such project; {hint}", file=file, key="project")
        return roadmap, projects[template.project]

    def features(self, template: Template) -> tuple[Feature, ...]:
        """Return the whole checklist of `template`: its own lines, tied, then the plugins'.

        Raises:
            InvalidTemplate: when template and roadmap disagree.
        """
        from scaffolder.models import Feature

        own = self._own_features(template)
        taken = frozenset(feature.id for feature in own)
        return own + self._collect("scaffolder_features", Feature, taken=taken, template=template)

    def rendered(self, project: Project) -> tuple[Notice, ...]:
        """Tell every plugin that `project` stands in staging.

        Raises:
            ScaffolderError: as a plugin's veto.
        """
        return self._tell("scaffolder_project_rendered", project, veto=True)

    def created(self, project: Project) -> tuple[Notice, ...]:
        """Tell every plugin that `project` stands at its final path."""
        return self._tell("scaffolder_project_created", project, veto=False)

    def check_finished(self, report: Report) -> None:
        """Tell every plugin what a check found; whatever they return is of no interest."""
        for _ in self._ask("scaffolder_check_finished", object, {"report": report}):
            pass

    def _own_features(self, template: Template) -> tuple[Feature, ...]:
        from scaffolder.checklist import tie

        place = self.place(template)
        file = template.root / "checklist.yml"
        return tie(template.features, *place, file=file) if place else template.features

    def _planned(self) -> set[str]:
        return {project.id for roadmap in self.roadmaps() for project in roadmap.projects}

    def _tell(self, hook: str, project: Project, *, veto: bool) -> tuple[Notice, ...]:
        from scaffolder.models import Notice

        return tuple(item for _, item in self._ask(hook, Notice, {"project": project}, veto=veto))

    def _collect(
        self,
        hook: str,
        kind: type[T],
        *,
        key: str = "id",
        taken: frozenset[str] = frozenset(),
        check: Callable[[T], object] | None = None,
        **arguments: object,
    ) -> tuple[T, ...]:
        found: dict[str, tuple[str, T]] = {}
        for name, item in self._ask(hook, kind, arguments):
            identity = str(getattr(item, key))
            if identity in found or identity in taken:
                holder = f" by the plugin {found[identity][0]!r}" if identity in found else ""
                self._fail(name, f"{hook}: {identity!r} is already taken{holder}")
            elif self._is_sound(name, hook, item, check):
                found[identity] = (name, item)
        return tuple(found[identity][1] for identity in sorted(found))

    def _is_sound(self, name: str, hook: str, item: T, check: Callable[[T], object] | None) -> bool:
        try:
            if check:
                check(item)
        except InvalidTemplate as problem:
            self._refuse(name, hook, problem)
            return False
        return True

    def _ask(
        self, hook: str, kind: type[T], arguments: Mapping[str, object], *, veto: bool = False
    ) -> Iterator[tuple[str, T]]:
        for name in self._in_order(hook):
            others = [plugin for other, plugin in self._manager.list_name_plugin() if other != name]
            caller = self._manager.subset_hook_caller(hook, others)
            try:
                for result in caller(**arguments):
                    for item in result or ():
                        if not isinstance(item, kind):
                            raise TypeError(f"gave a {type(item).__name__}, not a {kind.__name__}")  # noqa: TRY301
                        yield name, item
            except InvalidTemplate as problem:
                self._refuse(name, hook, problem)
            except (Exception, SystemExit) as problem:  # a plugin may raise anything
                if is_interruption(problem) or (veto and isinstance(problem, ScaffolderError)):
                    raise
                self._fail(name, f"{hook}: {type(problem).__name__}: {problem}")

    def _in_order(self, hook: str) -> list[str]:
        """Return the plugins that implement `hook`, as pluggy orders them."""
        implementations = getattr(self._manager.hook, hook).get_hookimpls()
        return [implementation.plugin_name for implementation in reversed(implementations)]

    def _refuse(self, name: str, hook: str, problem: InvalidTemplate) -> None:
        self._problems.append(problem)
        self._fail(name, f"{hook}: {problem}")

    def _fail(self, name: str, error: str) -> None:
        for at, info in enumerate(self._infos):
            # Of two plugins with one name, one alone is active.
            if info.name == name and info.status == "active" and error not in info.error:
                both = f"{info.error}; {error}" if info.error else error
                self._infos[at] = replace(info, error=both)


def load_plugins(*, third_party: bool = True) -> Plugins:
    """Return the built-in plugin and, unless switched off, what is installed."""
    return Plugins(*load(third_party=third_party))
