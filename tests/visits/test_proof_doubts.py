"""Doubts: files used twice, too short, silent, of another time; pictures that look alike (T16, T17)."""

import io
import random
from datetime import timedelta

import pytest
from PIL import Image, ImageEnhance

from config.media import prints
from tests.visits.calls import MORNING, Shop, told
from tests.visits.proofs import picture, screen, waiting_file, wav
from visits.choices import DoubtKind, EvidenceKind
from visits.domain.calling.recording import record_contact
from visits.domain.proof import storing
from visits.domain.proof.doubting import ALIKE_BITS, compare_images
from visits.domain.proof.taking import Upload, take
from visits.models import Evidence, EvidenceDoubt

NOW = MORNING
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(db, settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return Shop(evidence="any")


@pytest.fixture
def proved(shop, tmp_path):
    """Return what makes a record with a file, and the doubts about that file."""

    def make(content: bytes, *, length=timedelta(0), kind="", made_at=None, by=None):
        path = tmp_path / "upload.bin"
        path.write_bytes(content)
        by = by or shop.wang
        began = NOW - timedelta(minutes=10)
        task = shop.task(assignee=by)
        take(Upload(path, kind, made_at), by=by, now=NOW, task=task)
        record = record_contact(task, told(started_at=began, ended_at=began + length), advisor=by, now=NOW).record
        return record, sorted(EvidenceDoubt.objects.filter(evidence__record=record).values_list("kind", flat=True))

    return make


def test_honest_proof_raises_no_doubt(proved):
    assert proved(wav(60), length=MINUTE, made_at=NOW - timedelta(minutes=9))[1] == []
    assert proved(picture(2), made_at=NOW)[1] == []


def test_the_same_recording_for_two_visits_is_noticed_whoever_hands_it_in(proved, shop):
    first, none = proved(wav(60), length=MINUTE)
    _second, doubts = proved(wav(60), length=MINUTE, by=shop.li)
    assert (none, doubts) == ([], [DoubtKind.SAME_FILE])
    assert EvidenceDoubt.objects.get().other.record == first


def test_a_copy_of_what_the_program_kept_is_the_same_file(proved):
    proved(picture(1, "JPEG"))
    kept = storing.path_of(Evidence.objects.get().file).read_bytes()
    _record, doubts = proved(kept)
    assert doubts == [DoubtKind.SAME_FILE]


def test_a_second_of_silence_for_a_long_call(proved):
    _record, doubts = proved(wav(1, silent=True), length=3 * MINUTE)
    assert doubts == [DoubtKind.SILENT, DoubtKind.TOO_SHORT]
    assert EvidenceDoubt.objects.get(kind=DoubtKind.TOO_SHORT).measure == 179


@pytest.mark.parametrize(("seconds", "doubted"), [(60, False), (50, False), (46, True), (30, True)])
def test_ringing_is_forgiven_a_short_recording_is_not(proved, seconds, doubted):
    _record, doubts = proved(wav(seconds), length=timedelta(seconds=62))
    assert doubts == ([DoubtKind.TOO_SHORT] if doubted else [])


def test_the_missing_half_of_a_recording_lifts_the_doubt(proved, shop, tmp_path):
    record, doubts = proved(wav(30), length=MINUTE)
    assert doubts == [DoubtKind.TOO_SHORT]
    path = tmp_path / "second.wav"
    path.write_bytes(wav(30, seed=2))
    take(Upload(path), by=shop.wang, now=NOW, record=record)
    assert not EvidenceDoubt.objects.exists()


@pytest.mark.parametrize(("made", "doubted"), [
    (timedelta(minutes=-24), False), (timedelta(minutes=-26), True), (timedelta(days=-3), True), (timedelta(0), False),
])  # fmt: skip
def test_a_file_of_another_time_is_noticed(proved, made, doubted):
    _record, doubts = proved(wav(60), length=MINUTE, made_at=NOW + made)
    assert doubts == ([DoubtKind.OTHER_TIME] if doubted else [])


def test_an_edited_time_of_the_file_does_not_hide_the_moment_inside_it(proved):
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2026:02:27 15:00:00"
    _record, doubts = proved(picture(1, "JPEG", exif=exif), made_at=NOW)
    assert doubts == [DoubtKind.OTHER_TIME]


def test_pictures_that_look_alike_are_noticed_once(proved, shop):
    proved(picture(1, "JPEG", quality=90))
    proved(picture(2))
    again, _none = proved(picture(1, "JPEG", quality=40))
    assert compare_images(now=NOW) == {"compared": 3, "alike": 1}
    doubt = EvidenceDoubt.objects.get()
    assert (doubt.kind, doubt.evidence.record, doubt.measure <= ALIKE_BITS) == ("similar_image", again, True)
    assert compare_images(now=NOW) == {}


def test_two_pictures_of_one_visit_and_signatures_may_look_alike(shop):
    alike = prints.prints_of(screen(1))
    task, other = shop.task(), shop.task()
    for place in (task, task):
        waiting_file(place, shop.wang, EvidenceKind.MOBILE_LOG, prints=alike)
    waiting_file(other, shop.wang, EvidenceKind.SIGNATURE, prints=alike)
    compare_images(now=NOW)
    assert not EvidenceDoubt.objects.exists()


def forged(image: Image.Image, dice: random.Random) -> Image.Image:
    """Return what somebody makes of a screenshot to use it again: cut, brightened or saved anew."""
    width, height = image.size
    match dice.randrange(4):
        case 0:
            return image.crop((0, int(height * dice.uniform(0.02, 0.09)), width, height))
        case 1:
            return image.crop((0, 0, width, int(height * dice.uniform(0.91, 0.98))))
        case 2:
            return ImageEnhance.Brightness(image).enhance(dice.uniform(0.75, 1.25))
    target = io.BytesIO()
    image.resize((width * 2 // 3, height * 2 // 3)).save(target, "JPEG", quality=dice.randint(35, 70))
    return Image.open(target)


def test_of_two_hundred_forged_pairs_nine_in_ten_are_noticed_and_no_honest_one():
    screens = [screen(seed) for seed in range(40)]
    known = [prints.read(prints.prints_of(image)) for image in screens]
    dice = random.Random(11)
    hits = 0
    for number in range(200):
        seed = number % 40
        copy = prints.read(prints.prints_of(forged(screens[seed], dice)))
        hits += prints.distance(copy, known[seed]) <= ALIKE_BITS
    honest = [prints.distance(known[one], known[other]) for one in range(40) for other in range(one)]
    assert hits >= 180
    assert min(honest) > ALIKE_BITS
