// The board's own entries of the context menu. Each is a short way to what a key or the inspector does as well.
import {
  ArrowRightLeft,
  Ban,
  CalendarPlus,
  Eye,
  MousePointerClick,
  Move,
  Pencil,
  Undo2,
  UserPlus,
  UserRound,
  UsersRound,
} from '@lucide/vue';
import type { Job } from '../api/types';
import { callingOff, editedJob } from '../find/editing';
import { mayDispatch, mayWrite } from '../find/may';
import { go } from '../house';
import { act, type Act } from './acts';
import { lift } from './drag';
import { moveSeveral } from './many';
import { assign, unassign } from './moves';
import { selection } from './selection';
import { board, placing, select } from './store';

/** What the view lends. */
export interface ActHands {
  assign: (jobId: string) => void;
  reveal: (jobId: string) => void;
  newJob: () => void;
}

const open = (job: Job): boolean => ['unassigned', 'planned', 'en_route', 'on_site'].includes(job.status);

/** Takes the visits among them back to the pool. */
export function takeBack(jobs: readonly Job[]): void {
  const planned = jobs.filter((job) => job.status === 'planned');
  const [only] = planned;
  if (planned.length === 1 && only) void unassign(only.id);
  else if (planned.length) {
    void moveSeveral(planned.map((job) => ({ jobId: job.id, technicianId: null, startMs: null })));
  }
}

/** Gives the jobs in hand to a technician, from this instant on or at the end of the day. */
export function giveTo(technicianId: string, startMs: number | null): void {
  const ids = inHand();
  const [only] = ids;
  if (ids.length === 1 && only) void assign(only, technicianId, startMs);
  else void moveSeveral(ids.map((jobId, i) => ({ jobId, technicianId, startMs: i ? null : startMs })));
}

/** What a click on a free place would put there: jobs of the pool that are selected. */
export function inHand(): string[] {
  const waiting = [...selection.value].filter((id) => board.value.jobs[id]?.status === 'unassigned');
  return waiting.length ? waiting : placing.value ? [placing.value] : [];
}

export function ownActs(hands: ActHands): readonly Act[] {
  const dispatch = (): boolean => mayDispatch.value;
  return [
    act({
      id: 'assign',
      label: 'acts.assign',
      icon: UserPlus,
      key: 'A',
      group: 'move',
      on: ['visit', 'pool'],
      shown: ({ job, jobs }) =>
        dispatch() && jobs.length < 2 && (job.status === 'planned' || job.status === 'unassigned'),
      run: ({ job }) => hands.assign(job.id),
    }),
    act({
      id: 'move',
      label: 'acts.move',
      icon: Move,
      key: 'M',
      group: 'move',
      on: ['visit'],
      shown: ({ job }) => dispatch() && job.status === 'planned',
      run: ({ job }) => {
        hands.reveal(job.id);
        lift(job, { technicianId: job.visit.technician_id, startMs: Date.parse(job.visit.start) });
      },
    }),
    act({
      id: 'unassign',
      label: 'acts.unassign',
      icon: Undo2,
      key: 'U',
      group: 'move',
      on: ['visit'],
      shown: ({ jobs }) => dispatch() && jobs.some((job) => job.status === 'planned'),
      run: ({ jobs }) => takeBack(jobs),
    }),
    act({
      id: 'place',
      label: 'acts.place',
      icon: MousePointerClick,
      group: 'move',
      on: ['pool'],
      shown: ({ jobs }) => dispatch() && jobs.length < 2,
      run: ({ job }) => select(job.id),
    }),
    act({
      id: 'place-here',
      label: 'acts.placeHere',
      icon: CalendarPlus,
      group: 'move',
      on: ['empty'],
      shown: () => dispatch() && inHand().length > 0,
      run: ({ technician, startMs }) => giveTo(technician.id, startMs),
    }),
    act({
      id: 'append',
      label: 'acts.append',
      icon: ArrowRightLeft,
      group: 'move',
      on: ['technician'],
      shown: () => dispatch() && inHand().length > 0,
      run: ({ technician }) => giveTo(technician.id, null),
    }),
    act({
      id: 'new-job',
      label: 'jobs.new',
      icon: CalendarPlus,
      key: 'C',
      group: 'job',
      on: ['empty'],
      shown: () => mayWrite.value,
      run: () => hands.newJob(),
    }),
    act({
      id: 'look',
      label: 'acts.look',
      icon: Eye,
      group: 'job',
      on: ['visit', 'pool'],
      shown: ({ jobs }) => jobs.length < 2,
      run: ({ job }) => select(job.id),
    }),
    act({
      id: 'edit',
      label: 'jobs.actions.edit',
      icon: Pencil,
      group: 'job',
      on: ['visit', 'pool'],
      shown: ({ job, jobs }) => mayWrite.value && jobs.length < 2 && open(job),
      run: ({ job }) => (editedJob.value = job),
    }),
    act({
      id: 'customer',
      label: 'jobs.actions.customer',
      icon: UserRound,
      group: 'people',
      on: ['visit', 'pool'],
      shown: ({ jobs }) => jobs.length < 2,
      run: ({ job }) => go(`/customers/${job.customer_id}`),
    }),
    act({
      id: 'route',
      label: 'acts.route',
      icon: Eye,
      group: 'people',
      on: ['technician', 'empty', 'home'],
      run: ({ technician }) => select(null, technician.id),
    }),
    act({
      id: 'technician',
      label: 'acts.technician',
      icon: UsersRound,
      group: 'people',
      on: ['technician', 'empty', 'home'],
      run: ({ technician }) => go(`/team/${technician.id}`),
    }),
    act({
      id: 'cancel',
      label: 'jobs.actions.cancel',
      icon: Ban,
      key: 'Del',
      group: 'end',
      on: ['visit', 'pool'],
      shown: ({ job, jobs }) => dispatch() && jobs.length < 2 && open(job),
      run: ({ job }) => (callingOff.value = job),
    }),
  ];
}
