"""Parses a feed with two independent libraries and prints what each understood.

Standard input: the feed's bytes. Standard output: {"icalendar": [event, ...], "ics": [event, ...], "calendar": {...}}
where event is {"uid", "start", "end", "summary", "location", "description", "status", "sequence", "geo"}; moments
are UTC, `geo` is [lat, lon] or null. Events are in the order of their uid.
"""

import json
import sys
from datetime import timezone

import icalendar
import ics

raw = sys.stdin.buffer.read()


def moment(value):
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def text(component, name):
    return str(component[name]) if name in component else ""


def by_icalendar():
    calendar = icalendar.Calendar.from_ical(raw)
    problems = [str(error) for part in calendar.walk() for error in part.errors]
    assert not problems, problems
    events = []
    for event in calendar.walk("VEVENT"):
        geo = event.get("GEO")
        events.append(
            {
                "uid": text(event, "UID"),
                "start": moment(event.decoded("DTSTART")),
                "end": moment(event.decoded("DTEND")),
                "summary": text(event, "SUMMARY"),
                "location": text(event, "LOCATION"),
                "description": text(event, "DESCRIPTION"),
                "status": text(event, "STATUS"),
                "sequence": int(event["SEQUENCE"]),
                "geo": [geo.latitude, geo.longitude] if geo else None,
            }
        )
    name = text(calendar, "NAME")
    refresh = calendar["REFRESH-INTERVAL"]
    seconds = int(getattr(refresh, "dt", refresh).total_seconds())
    return {"name": name, "refresh_s": seconds, "method": text(calendar, "METHOD")}, events


def by_ics():
    calendar = ics.Calendar(raw.decode("utf-8"))
    assert calendar.method == "PUBLISH", calendar.method
    return [
        {
            "uid": event.uid,
            "start": moment(event.begin.datetime),
            "end": moment(event.end.datetime),
            "summary": event.name,
            "location": event.location or "",
            "description": event.description or "",
            "status": event.status,
            "geo": [event.geo.latitude, event.geo.longitude] if event.geo else None,
        }
        for event in calendar.events
    ]


calendar, first = by_icalendar()
order = lambda event: event["uid"]  # noqa: E731
json.dump(
    {"calendar": calendar, "icalendar": sorted(first, key=order), "ics": sorted(by_ics(), key=order)},
    sys.stdout,
)
