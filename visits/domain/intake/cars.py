"""Which vehicle a row is about: a VIN is a vehicle, else a plate, and a plate can move to another (DECISIONS 32)."""

from typing import Any

from visits.domain.intake.known import VEHICLE_FACTS, Car, Known, Person
from visits.domain.intake.rows import Staged


class Cars:
    """Finds or makes the vehicles of a chunk and collects what is to be written."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.new: list[Car] = []
        self.changed: dict[int, Car] = {}
        self.owners: list[tuple[Car, Person, str]] = []  # vehicle, customer, since when (ISO)

    def of(self, row: Staged, person: Person) -> Car | None:
        """Return the vehicle of the row, if it names one, with the customer among its owners."""
        vin, plate = row.facts.get("vin", ""), row.facts.get("plate", "")
        if not vin and not plate:
            keep_with_order(row)
            return None
        car = self._by_vin(row, vin, plate) if vin else self._by_plate(plate)
        self._correct(car, row)
        if person not in car.owners:
            if car.owners:
                row.warnings.append(["new_owner", {}])
            car.owners.add(person)
            self.owners.append((car, person, row.facts["happened_at"]))
        return car

    def _by_plate(self, plate: str) -> Car:
        return self.known.by_plate.get(plate) or self._make("", plate)

    def _by_vin(self, row: Staged, vin: str, plate: str) -> Car:
        car = self.known.by_vin.get(vin)
        wearer = self.known.by_plate.get(plate) if plate else None
        if car is None and wearer is not None and not wearer.vin:
            self._set(wearer, "vin", vin)  # until now it was known by its plate alone
            self.known.by_vin[vin] = wearer
            return wearer
        if plate and (car is None or car.plate != plate):
            plate = self._take_plate(row, wearer, plate)
        if car is None:
            return self._make(vin, plate)
        if plate and car.plate != plate:
            self.known.by_plate.pop(car.plate, None)
            self._set(car, "plate", plate)
            self.known.by_plate[plate] = car
        return car

    def _take_plate(self, row: Staged, wearer: Car | None, plate: str) -> str:
        """Free the plate of another vehicle and return it; "" where the other has nothing else to be known by."""
        if wearer is None:
            return plate
        if not wearer.vin:
            row.warnings.append(["plate_taken", {}])
            return ""
        row.warnings.append(["plate_moved", {}])
        self._set(wearer, "plate", "")
        wearer.lost_plate = True
        self.known.by_plate.pop(plate)
        return plate

    def _make(self, vin: str, plate: str) -> Car:
        car = Car(None, vin, plate, {key: "" if key == "model" else None for key in VEHICLE_FACTS})
        self.new.append(car)
        self.known.by_vin.update({vin: car} if vin else {})
        self.known.by_plate.update({plate: car} if plate else {})
        return car

    def _correct(self, car: Car, row: Staged) -> None:
        for key in VEHICLE_FACTS:
            value = row.facts.get(key)
            if value is None or _text(car.facts[key]) == _text(value):
                continue
            if key == "mileage" and value < (car.facts[key] or 0):
                continue  # an older order
            self._set(car, key, value)

    def _set(self, car: Car, key: str, value: Any) -> None:
        held = car.facts[key] if key in VEHICLE_FACTS else getattr(car, key)
        if key in VEHICLE_FACTS:
            car.facts[key] = value
        else:
            setattr(car, key, value)
        if car.id is not None:
            car.changed.setdefault(key, held)
            self.changed[car.id] = car


def keep_with_order(row: Staged) -> None:
    """Keep with the order what it says of a vehicle that has neither VIN nor plate: conditions ask for it there."""
    told = {key: str(row.facts[key]) for key in VEHICLE_FACTS if row.facts.get(key) not in (None, "")}
    if told:
        row.facts["attributes"] = told | row.facts.get("attributes", {})


def _text(value: Any) -> str:
    return "" if value is None else str(value)
