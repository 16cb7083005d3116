"""The list of components (SBOM) of the container image, in CycloneDX 1.6."""

from cyclonedx.contrib.hash.factories import HashTypeFactory
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from scripts.dependencies.licences import licence
from scripts.dependencies.locks import PROJECT, LockedPackage, npm_packages, python_packages

PURL_TYPES = {"PyPI": "pypi", "npm": "npm"}


def document() -> str:
    """Return the document, with every package of the image, its version, licence and hashes."""
    bom = Bom()
    bom.metadata.component = Component(name="jobfirst", version=_version(), type=ComponentType.APPLICATION)
    packages = [package for package in python_packages() + npm_packages() if package.runtime]
    components = [_component(package) for package in packages]
    for component in components:
        bom.components.add(component)
    bom.register_dependency(bom.metadata.component, components)
    return JsonV1Dot6(bom).output_as_string(indent=1)


def _component(package: LockedPackage) -> Component:
    namespace, _, name = package.name.rpartition("/")
    purl = PackageURL(PURL_TYPES[package.ecosystem], namespace or None, name, package.version)
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        purl=purl,
        bom_ref=purl.to_string(),
        licenses=[LicenseFactory().make_from_string(licence(package))],
        hashes=[
            HashTypeFactory().from_hashlib_alg(name.replace("-", "").lower(), value)
            for name, value in package.hashes
        ],
    )


def _version() -> str:
    import tomllib

    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])
