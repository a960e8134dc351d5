// Words of crews: several technicians on one job.
export default {
  crew: {
    title: 'Crew',
    lead: 'leads',
    along: 'goes along',
    with: 'Goes along with {name}',
    bar: '{name} goes along with {lead}, {customer}, {start} to {end}',
    short: 'One person is missing. | {n} people are missing.',
    shortMark: '{have} of {need}',
    people: '{n} people',
    add: 'Add',
    choose: 'Choose somebody…',
    needed: 'People needed',
    remove: 'Take {name} off the crew',
    added: '{name} goes along',
    takenOff: '{name} no longer goes along',
  },
};
