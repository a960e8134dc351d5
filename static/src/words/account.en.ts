// The words of one's own account: the phone from which one dispatches by text.
export default {
  account: {
    title: 'Dispatch by text',
    lead: 'On call without the board: text the house from this phone, and it answers at once.',
    phone: 'My mobile phone',
    hint: 'Only this number is obeyed, and only while your account may dispatch.',
    save: 'Save',
    saved: 'Phone saved.',
    removed: 'No phone any more.',
    how: 'What to write',
    ask: 'Who could take a job: its number with a question mark. The number stands beside the job’s title.',
    send: 'Send one of them: by name, or by the number in the list.',
    example: { ask: '4812?', send: 'SEND MARC' },
    undo: 'What you send is your own act: undo it on the board.',
    number: 'Number, for texts to the house',
  },
};
