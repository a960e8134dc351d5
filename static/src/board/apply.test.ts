import { expect, test } from 'vitest';
import type { Job, LiveEvent, OutboxItem } from '../api/types';
import { apply } from './apply';
import { EMPTY, fromSnapshot, poolOf, routesOf, type BoardState } from './state';

const job = (id: string, over: Partial<Job> = {}): Job => ({
  id,
  status: 'unassigned',
  customer_id: 'cust_1',
  location_id: 'loc_1',
  title: 'Installation fibre',
  duration_min: 60,
  priority: 'normal',
  skills: [],
  arrival_window: null,
  visit: null,
  version: 1,
  ...over,
});

const visit = (technician_id: string, start = '2026-11-23T10:00:00-05:00') => ({
  id: 'visit_1',
  technician_id,
  start,
  end: '2026-11-23T11:00:00-05:00',
  status: 'planned' as const,
});

const event = (type: string, data: Record<string, unknown>, seq: number | null = 11): LiveEvent => ({
  seq,
  at: '2026-11-23T09:00:00-05:00',
  type,
  topic: 'dispatch',
  data,
});

const ana = { id: 'tech_ana', name: 'Ana Roy', shifts: [] };
const luc = { id: 'tech_luc', name: 'Luc Côté', shifts: [] };
const start: BoardState = {
  ...EMPTY,
  seq: 10,
  date: '2026-11-23',
  technicians: { tech_ana: ana, tech_luc: luc },
  jobs: { job_1: job('job_1') },
};

test('an assigned job leaves the pool and stands on one row, in one step', () => {
  const next = apply(
    start,
    event('job.assigned', { job: job('job_1', { status: 'planned', version: 11, visit: visit('tech_ana') }) }),
  );
  expect(poolOf(next, 0)).toEqual([]);
  expect(routesOf(next)['tech_ana']?.map((j) => j.id)).toEqual(['job_1']);
  expect(next.seq).toBe(11);
});

test('a move takes the bar from one row to the other without passing through the pool', () => {
  const placed = apply(
    start,
    event('job.assigned', { job: job('job_1', { status: 'planned', version: 11, visit: visit('tech_ana') }) }),
  );
  const moved = apply(
    placed,
    event('job.moved', { job: job('job_1', { status: 'planned', version: 12, visit: visit('tech_luc') }) }, 12),
  );
  expect(routesOf(moved)['tech_ana']).toEqual([]);
  expect(routesOf(moved)['tech_luc']?.length).toBe(1);
});

test('an event that is already in the snapshot changes nothing, not even the object', () => {
  expect(apply(start, event('job.cancelled', { job: job('job_1', { status: 'cancelled' }) }, 10))).toBe(start);
});

test('an older version of a job never overwrites a newer one', () => {
  const newer = apply(start, event('job.updated', { job: job('job_1', { title: 'Nouveau', version: 20 }) }));
  expect(
    apply(newer, event('job.updated', { job: job('job_1', { title: 'Vieux', version: 5 }) }, 12)).jobs['job_1']?.title,
  ).toBe('Nouveau');
});

test('what an event does not carry about the same visit is kept: the drive, the promise, the ETA', () => {
  const promise = { number: 1, start: 'a', end: 'b', told_at: 'c' };
  const known: BoardState = {
    ...start,
    jobs: { job_1: job('job_1', { status: 'planned', visit: { ...visit('tech_ana'), travel_min: 18, promise } }) },
  };
  const next = apply(
    known,
    event('job.status', { job: job('job_1', { status: 'en_route', version: 11, visit: visit('tech_ana') }) }),
  );
  expect(next.jobs['job_1']?.visit).toMatchObject({ travel_min: 18, promise });
  expect(next.jobs['job_1']?.status).toBe('en_route');
});

test('a position passes: the newest wins, an older one is dropped, the journal position stays', () => {
  const at = (s: string, lat: number) =>
    event('tech.position', { technician_id: 'tech_ana', lat, lon: -73.6, at: s }, null);
  const one = apply(start, at('2026-11-23T09:00:10-05:00', 45.1));
  const two = apply(one, at('2026-11-23T09:00:05-05:00', 44));
  expect(two).toBe(one);
  expect(two.positions['tech_ana']?.lat).toBe(45.1);
  expect(two.seq).toBe(10);
  expect(two.technicians).toBe(start.technicians);
});

test('an ETA reaches its visit, and is ignored when the job is on another visit by now', () => {
  const placed: BoardState = {
    ...start,
    jobs: { job_1: job('job_1', { status: 'planned', visit: visit('tech_ana') }) },
  };
  const eta = { at: '2026-11-23T10:45:00-05:00', low: '2026-11-23T10:40:00-05:00', high: '2026-11-23T10:55:00-05:00' };
  const right = apply(
    placed,
    event('route.etas', { technician_id: 'tech_ana', etas: [{ visit_id: 'visit_1', job_id: 'job_1', eta }] }),
  );
  expect(right.jobs['job_1']?.visit?.eta).toEqual(eta);
  const wrong = apply(
    placed,
    event('route.etas', { technician_id: 'tech_ana', etas: [{ visit_id: 'visit_0', job_id: 'job_1', eta }] }),
  );
  expect(wrong.jobs['job_1']?.visit?.eta).toBeUndefined();
});

test('an event that says nothing of the visit leaves it where it is; one that says null takes it away', () => {
  const placed: BoardState = {
    ...start,
    jobs: { job_1: job('job_1', { status: 'planned', visit: visit('tech_ana') }) },
  };
  const { visit: _none, ...silent } = job('job_1', { status: 'planned', title: 'Nouveau titre', version: 11 });
  void _none;
  const renamed = apply(placed, event('job.updated', { job: silent }));
  expect(renamed.jobs['job_1']).toMatchObject({ title: 'Nouveau titre', visit: { id: 'visit_1' } });
  const freed = apply(placed, event('job.unassigned', { job: job('job_1', { version: 11 }) }));
  expect(freed.jobs['job_1']?.visit).toBeNull();
  expect(poolOf(freed, 0)).toHaveLength(1);
});

test('a customer who cannot be told stands out until a promise reaches them', () => {
  const placed: BoardState = {
    ...start,
    jobs: { job_1: job('job_1', { status: 'planned', visit: visit('tech_ana') }) },
  };
  const untold = apply(placed, event('promise.untold', { job_id: 'job_1', kind: 'late', why: 'no_phone' }));
  expect(untold.untold['job_1']?.why).toBe('no_phone');
  const promise = { number: 1, start: 'a', end: 'b', told_at: 'c' };
  const told = apply(untold, event('promise.told', { job_id: 'job_1', promise }, 12));
  expect(told.untold).toEqual({});
});

test('a held slot stands until it is used, released or lapses', () => {
  const hold = { id: 'hold_1', technician_id: 'tech_ana', job_id: null, start: 'a', end: 'b', until: 'c' };
  const held = apply(start, event('slot.held', { hold }));
  expect(held.holds['hold_1']).toEqual(hold);
  expect(apply(held, event('hold.gone', { hold_id: 'hold_2', how: 'lapsed' }, 12)).holds).toBe(held.holds);
  expect(apply(held, event('hold.gone', { hold_id: 'hold_1', how: 'lapsed' }, 12)).holds).toEqual({});
});

test('resync asks for the snapshot and keeps what is shown', () => {
  const next = apply(start, event('resync', { seq: 999 }, 999));
  expect(next.behind).toBe(true);
  expect(next.seq).toBe(10);
  expect(next.jobs).toBe(start.jobs);
});

test('an unknown type moves the position only', () => {
  expect(apply(start, event('weather.changed', {}))).toEqual({ ...start, seq: 11 });
});

test('a technician is changed without losing his shifts', () => {
  const known = { ...start, technicians: { tech_ana: { ...ana, shifts: [{ start: 'a', end: 'b' }] } } };
  const next = apply(known, event('technician.updated', { technician: { id: 'tech_ana', name: 'Ana Roy-Côté' } }));
  expect(next.technicians['tech_ana']).toEqual({
    id: 'tech_ana',
    name: 'Ana Roy-Côté',
    shifts: [{ start: 'a', end: 'b' }],
  });
});

test('whoever joined by mistake is taken off the board', () => {
  const known = { ...start, technicians: { tech_ana: ana } };
  const next = apply(known, event('technician.removed', { technician: { id: 'tech_ana', name: 'Ana' } }));
  expect(next.technicians).toEqual({});
});

test('messages are kept by id, the latest state of each, and not without end', () => {
  let state = start;
  for (let i = 0; i < 320; i += 1) {
    state = apply(state, event('message.queued', { message: { id: `msg_${i}`, state: 'queued' } }, 20 + i));
  }
  state = apply(state, event('message.delivered', { message: { id: 'msg_319', state: 'delivered' } }, 900));
  expect(Object.keys(state.messages)).toHaveLength(300);
  expect(state.messages['msg_319']?.state).toBe('delivered');
});

test('rows that an event did not touch keep their very array', () => {
  const placed: BoardState = {
    ...start,
    jobs: {
      job_1: job('job_1', { status: 'planned', visit: visit('tech_ana') }),
      job_2: job('job_2', { status: 'planned', visit: { ...visit('tech_luc'), id: 'visit_2' } }),
    },
  };
  const before = routesOf(placed);
  const after = routesOf(
    apply(placed, event('job.status', { job: { ...placed.jobs['job_2'], status: 'done', version: 12 } })),
    before,
  );
  expect(after['tech_ana']).toBe(before['tech_ana']);
  expect(after['tech_luc']).not.toBe(before['tech_luc']);
});

test('the snapshot becomes jobs with their visits, and positions apart', () => {
  const placedJob = job('job_9', { status: 'planned' });
  const state = fromSnapshot({
    seq: 5,
    date: '2026-11-23',
    technicians: [
      {
        ...ana,
        position: { lat: 45, lon: -73, at: '2026-11-23T09:00:00-05:00' },
        visits: [
          { id: 'visit_9', job_id: 'job_9', start: 'a', end: 'b', status: 'planned', travel_min: 7, job: placedJob },
        ],
      },
    ],
    pool: [job('job_1')],
    drafts: [],
  });
  expect(state.jobs['job_9']?.visit).toMatchObject({ id: 'visit_9', technician_id: 'tech_ana', travel_min: 7 });
  expect(state.positions['tech_ana']?.lat).toBe(45);
  expect(poolOf(state, 0).map((j) => j.id)).toEqual(['job_1']);
});

test('entries of drafts come and go, one for each job', () => {
  const entry = { draft: 'demain', visit: { id: 'v9', job_id: 'job_9' }, by: 'Bea' };
  const event = (type: string, data: Record<string, unknown>) => ({ seq: null, at: '', type, topic: 'dispatch', data });
  const with9 = apply(EMPTY, event('draft.changed', { job_id: 'job_9', entry }));
  expect(with9.drafts['job_9']?.draft).toBe('demain');
  expect(apply(with9, event('draft.gone', { job_id: 'job_9', published: true })).drafts).toEqual({});
  expect(apply(with9, event('draft.gone', { job_id: 'job_8' }))).toBe(with9);
});

test('an entry of a draft raises its job’s version, so that the next move is not taken for a stale one', () => {
  const drafted = apply(start, event('draft.gone', { job_id: 'job_1', draft: 'demain', published: false }, 12));
  expect(drafted.jobs['job_1']?.version).toBe(12);
  expect(apply(start, event('draft.gone', { job_id: 'job_9' }, 12)).jobs).toBe(start.jobs);
});

test('in the pool the urgent come first, then who was told an hour or whose window ends, then the rest', () => {
  const pooled = (id: string, over: Partial<Job>): Job => job(id, { status: 'unassigned', visit: null, ...over });
  const window = (from: string, to: string): { arrival_window: Job['arrival_window'] } => ({
    arrival_window: { start: `2026-11-23T${from}:00Z`, end: `2026-11-23T${to}:00Z` },
  });
  const told = { number: 1, start: '2026-11-23T15:00:00Z', end: '2026-11-23T15:30:00Z', told_at: '' };
  const all = [
    pooled('later', window('16:00', '18:00')),
    pooled('high', { priority: 'high' }),
    pooled('over', window('08:00', '10:00')),
    pooled('told', { priority: 'low', promise: told }),
    pooled('soon', window('09:00', '13:00')),
    pooled('urgent', { priority: 'urgent' }),
  ];
  const state = { ...start, jobs: Object.fromEntries(all.map((one) => [one.id, one])) };
  const ids = poolOf(state, Date.parse('2026-11-23T12:30:00Z')).map((one) => one.id);
  expect(ids).toEqual(['urgent', 'over', 'soon', 'told', 'high', 'later']);
});

test('what a customer was told stays with the job that goes back to the pool, until its text is taken back', () => {
  const promise = { number: 1, start: '', end: '', told_at: '', message_id: 'msg_1' };
  const placed = job('job_1', { version: 5, status: 'planned', visit: visit('tech_ana') });
  const state = { ...start, jobs: { job_1: placed } };
  const waits = apply(state, event('promise.told', { job_id: 'job_1', promise }));
  const left = { id: 'msg_1', job_id: 'job_1', state: 'sandboxed', waiting: false };
  const told = apply(waits, event('message.sent', { message: left }, 12));
  const back = { job: job('job_1', { version: 11, status: 'unassigned', visit: null }) };
  const freed = apply(told, event('job.unassigned', back, 13));
  expect(freed.jobs['job_1']?.promise).toMatchObject(promise);
  const message = { id: 'msg_1', job_id: 'job_1', state: 'failed' };
  expect(apply(freed, event('message.recalled', { message }, 14)).jobs['job_1']?.promise).toBeNull();
});

test('the hour that a customer was told stands until the next has left, and comes back where that never does', () => {
  const first = { number: 1, start: '10', end: '11', told_at: '2026-11-23T14:00:00Z', message_id: 'msg_1' };
  const next = {
    number: 2,
    start: '12',
    end: '12',
    told_at: '2026-11-23T15:00:00Z',
    message_id: 'msg_2',
    is_eta: true,
  };
  const known = job('job_1', { status: 'planned', visit: { ...visit('tech_ana'), promise: first } });
  const state = { ...start, jobs: { job_1: known } };
  const told = { job_id: 'job_1', promise: next, due_at: '2026-11-23T15:01:00Z' };
  const waits = apply(state, event('promise.told', told, 11));
  const text = (over: object): Record<string, unknown> => ({
    message: { id: 'msg_2', job_id: 'job_1', kind: 'late', at: '2026-11-23T15:00:00Z', ...over },
  });
  const queued = apply(waits, event('message.queued', text({ state: 'sandboxed', waiting: true }), 12));
  expect(queued.jobs['job_1']?.visit).toMatchObject({
    promise: first,
    next_promise: { number: 2, due_at: told.due_at },
  });
  const taken = apply(queued, event('message.recalled', text({ state: 'recalled', waiting: false }), 13));
  expect(taken.jobs['job_1']?.visit).toMatchObject({ promise: first, next_promise: null });
  const sent = apply(queued, event('message.sent', text({ state: 'sent', waiting: false }), 13));
  expect(sent.jobs['job_1']?.visit).toMatchObject({ promise: { number: 2 }, next_promise: null });
  const failed = apply(sent, event('message.failed', text({ state: 'failed', waiting: false }), 14));
  expect(failed.jobs['job_1']?.visit?.promise).toEqual(first);
  // That the hour holds no more ends what was told before it, and nothing that was told since.
  const gone = text({ id: 'msg_3', kind: 'hour_gone', state: 'sent', waiting: false, at: '2026-11-23T16:00:00Z' });
  expect(apply(sent, event('message.sent', gone, 14)).jobs['job_1']?.visit?.promise).toBeNull();
  const old = text({ id: 'msg_0', kind: 'hour_gone', state: 'delivered', waiting: false, at: '2026-11-23T13:00:00Z' });
  expect(apply(sent, event('message.delivered', old, 14)).jobs['job_1']?.visit?.promise).toMatchObject({ number: 2 });
});

test('a text that is taken back leaves the promise that was told before it', () => {
  const told = (number: number): Record<string, unknown> => ({
    job_id: 'job_1',
    promise: { number, start: '', end: '', told_at: '', message_id: `msg_${number}` },
  });
  const text = (number: number, seq: number, state: string): LiveEvent =>
    event('message.changed', { message: { id: `msg_${number}`, job_id: 'job_1', state } }, seq);
  const gone = (number: number, seq: number): LiveEvent => text(number, seq, 'failed');
  const tell = (state: BoardState, n: number): BoardState =>
    apply(apply(state, event('promise.told', told(n), 3 * n)), text(n, 3 * n + 1, 'sent'));
  const placed = job('job_1', { status: 'planned', visit: visit('tech_ana') });
  const shown: BoardState = { ...start, jobs: { job_1: placed } };
  const thrice = [5, 6, 7].reduce(tell, shown);
  // The one in the middle goes first, then the last: the first stands.
  const back = apply(apply(thrice, gone(6, 24)), gone(7, 25));
  expect(back.jobs['job_1']?.promise?.number).toBe(5);
  expect(back.jobs['job_1']?.visit?.promise?.number).toBe(5);
  expect(apply(tell(shown, 5), gone(5, 26)).jobs['job_1']?.promise).toBeNull();
  // A page that was opened since the second asks the server what stands.
  const { before: _before, ...second } = tell(shown, 6).jobs['job_1']!.promise!;
  void _before;
  const late = { ...shown, jobs: { job_1: { ...placed, promise: second } } };
  expect(apply(late, gone(6, 24)).behind).toBe(true);
});

test('what was told of a visit at which nobody opened is no promise of the job that is taken up again', () => {
  const promise = { number: 1, start: '', end: '', told_at: '', message_id: 'msg_1' };
  const shut = { ...visit('tech_ana'), status: 'no_access' as const, promise };
  const state = { ...start, jobs: { job_1: job('job_1', { status: 'no_access', visit: shut, promise }) } };
  const again = { job: job('job_1', { version: 11, status: 'unassigned', visit: null }) };
  expect(apply(state, event('job.updated', again)).jobs['job_1']?.promise).toBeNull();
});

test('a promise is over once the customer has read that nobody comes, and not while that may be taken back', () => {
  const promise = { number: 1, start: '', end: '', told_at: '2026-11-23T13:00:00Z', message_id: 'msg_1' };
  const state = { ...start, jobs: { job_1: job('job_1', { status: 'cancelled', promise }) } };
  const said = (over: Partial<OutboxItem>): Job | undefined => {
    const message = { id: 'msg_2', job_id: 'job_1', kind: 'cancelled', at: '2026-11-23T14:00:00Z', ...over };
    return apply(state, event('message.changed', { message })).jobs['job_1'];
  };
  expect(said({ state: 'sandboxed', waiting: true })?.promise).toEqual(promise);
  expect(said({ state: 'drafted' })?.promise).toEqual(promise);
  expect(said({ state: 'recalled' })?.promise).toEqual(promise);
  expect(said({ state: 'sent' })?.promise).toBeNull();
  // What was told since is another matter.
  expect(said({ state: 'delivered', at: '2026-11-23T12:00:00Z' })?.promise).toEqual(promise);
});

test('a word that nobody comes, and that never arrived, is asked of the server again', () => {
  const state = { ...start, jobs: { job_1: job('job_1', { status: 'unassigned', promise: null }) } };
  const said = (over: Partial<OutboxItem>): BoardState => {
    const message = { id: 'msg_2', job_id: 'job_1', kind: 'hour_gone', at: '2026-11-23T14:00:00Z', ...over };
    return apply(state, event('message.changed', { message }));
  };
  expect(said({ state: 'failed' }).behind).toBe(true);
  expect(said({ state: 'failed', kind: 'late' }).behind).toBeFalsy();
  expect(said({ state: 'sent' }).behind).toBeFalsy();
});

test('what a person has approved is no draft any more, and waits for its hour', () => {
  const placed = job('job_1', { status: 'planned', visit: visit('tech_ana') });
  const state = { ...start, jobs: { job_1: placed } };
  const promise = { number: 1, start: '', end: '', told_at: '', message_id: 'msg_1' };
  const drafted = apply(state, event('promise.drafted', { job_id: 'job_1', promise, held: true, due_at: null }));
  expect(drafted.jobs['job_1']?.visit?.next_promise?.held).toBe(true);
  const message = {
    id: 'msg_1',
    job_id: 'job_1',
    kind: 'late',
    state: 'queued',
    waiting: true,
    due_at: '2026-11-23T16:00:00Z',
  };
  const waits = apply(drafted, event('message.changed', { message }, 12));
  expect(waits.jobs['job_1']?.visit?.next_promise).toMatchObject({ held: false, due_at: message.due_at });
});
