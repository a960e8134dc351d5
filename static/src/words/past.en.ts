// The words of the time machine.
export default {
  past: {
    open: 'Look back in time',
    lead: 'The board as everyone saw it at that moment. Nothing can be changed there.',
    day: 'Day',
    time: 'Time',
    earlier: 'Five minutes earlier',
    later: 'Five minutes later',
    banner: 'You are looking at {day}, {time}.',
    back: 'Back to now',
    readOnly: 'The past cannot be changed. Go back to now first.',
    unreachable: 'The server does not answer. Try again in a moment.',
    texts: 'No text had gone out|{n} text had gone out|{n} texts had gone out',
    none: 'Nobody had been sent a text yet that day.',
  },
};
