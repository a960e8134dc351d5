// Offered jobs as they cross the wire: who is asked, what they answered, and what would be sent.
import { acting, call } from './client';
import type { Reasons } from './types';

export type OfferState =
  'open' | 'filled' | 'withdrawn' | 'expired' | 'declined' | 'unreached' | 'overtaken' | 'changed';

export interface OfferAnswer {
  accepted: boolean;
  reason: string | null;
  at: string;
  by: 'page' | 'sms';
}

export interface Asked {
  technician_id: string;
  name: string;
  /** 1 for the first. */
  wave: number;
  start: string;
  end: string;
  travel_min: number;
  reasons: Reasons;
  /** Null while their wave waits. */
  asked_at: string | null;
  /** When it was seen that their text does not arrive. */
  untold_at: string | null;
  answer: OfferAnswer | null;
}

export interface Offer {
  id: string;
  job_id: string;
  title: string;
  by: string;
  made_at: string;
  minutes: number;
  expires_at: string;
  asked: Asked[];
  wave: number;
  next_at: string | null;
  state: OfferState;
  taken_by: string | null;
  over_at: string | null;
}

/** An offer as it would be made, with the texts of its first wave. */
export interface OfferPreview extends Offer {
  texts?: { technician_id: string; to: string; body: string }[];
}

/** What is asked for: waves of ids, or how many at once where the house rule chooses. */
export interface OfferWish {
  job_id: string;
  per_wave?: number;
  minutes?: number;
  waves?: string[][];
}

const id = encodeURIComponent;

export const offersApi = {
  all: () => call<{ items: Offer[] }>('GET', '/offers'),
  preview: (wish: OfferWish) => call<OfferPreview>('POST', '/offers', { ...wish, mode: 'preview' }),
  make: (wish: OfferWish) => acting<Offer>('POST', '/offers', wish),
  withdraw: (offer: string) => call<Offer>('POST', `/offers/${id(offer)}/withdraw`, {}),
};
