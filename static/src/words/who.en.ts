// Words for whoever is no person, and for rules that somebody insisted against.
export default {
  who: {
    'admin-token': 'a connected program',
    house: 'the house, by itself',
    planner: 'the planner',
    tracker: 'a GPS unit',
    courier: 'the courier of texts',
    twilio: 'the phone company',
    browser: 'a page',
    calendars: 'an outside calendar',
    technician: 'a technician',
  },
  insisted: {
    by: 'insisted by {name}, {day} at {time}',
    rules: {
      skill: 'Against a required skill',
      zone: 'Against a zone',
      shift: 'Outside the shifts',
      absence: 'During an absence',
      busy: 'Against an outside calendar',
      order: 'Against the order of jobs',
    },
  },
};
