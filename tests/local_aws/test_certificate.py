import stat
from pathlib import Path

from cryptography import x509

from local_aws.certificate import write_certificate


def test_certificate_is_for_the_address_alone_and_its_key_is_private(tmp_path: Path) -> None:
    write_certificate(tmp_path / "server.crt", tmp_path / "server.key", "127.0.0.1")
    certificate = x509.load_pem_x509_certificate((tmp_path / "server.crt").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(each.value) for each in names] == ["127.0.0.1"]
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert stat.S_IMODE((tmp_path / "server.key").stat().st_mode) == 0o600
