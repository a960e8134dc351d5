// Offers as the server knows them: fetched once, kept true by the board's line. A wish is shown before it is made; nothing
// is sent by looking.
import { computed, ref, shallowRef, watch } from 'vue';
import { offersApi, type Offer, type OfferPreview, type OfferWish } from '../api/offers';
import { sentence } from '../api/sentence';
import { live } from '../board/store';
import { hear } from '../live/heard';
import { toast } from '../ui/toasts';
import { noteDone } from '../undo/back';
import { t } from '../words';

const known = shallowRef<Record<string, Offer>>({});
export const loaded = ref(false);
export const refusal = ref('');

/** Open ones first, then the newest. */
export const offers = computed(() =>
  Object.values(known.value).sort(
    (a, b) => Number(b.state === 'open') - Number(a.state === 'open') || b.made_at.localeCompare(a.made_at),
  ),
);
export const openOffer = (jobId: string): Offer | undefined =>
  offers.value.find((one) => one.job_id === jobId && one.state === 'open');
/** The last offer of a job, open or not. */
export const offerOf = (jobId: string): Offer | undefined =>
  openOffer(jobId) ?? offers.value.find((one) => one.job_id === jobId);

function put(offer: Offer): void {
  known.value = { ...known.value, [offer.id]: offer };
}

/** Fetches what there is; what a later event brought meanwhile stays. */
export async function fetchOffers(): Promise<void> {
  try {
    const { items } = await offersApi.all();
    known.value = Object.fromEntries(items.map((one) => [one.id, one]));
    loaded.value = true;
    refusal.value = '';
  } catch (error) {
    refusal.value = sentence(error);
  }
}

let following = false;
/** Follows offers as long as this page lives. Called by whatever shows one. */
export function followOffers(): void {
  if (following) return;
  following = true;
  hear((event) => {
    if (event.type === 'offer.made' || event.type === 'offer.changed') put((event.data as { offer: Offer }).offer);
  });
  // What was missed while the line was down is fetched.
  watch(live, (up) => up && void fetchOffers());
  void fetchOffers();
}

export const wish = ref<OfferWish | null>(null);
export const preview = shallowRef<OfferPreview | null>(null);
export const wishRefusal = ref('');
export const busy = ref(false);
let asked = 0;

/** Shows what an offer of this job would be. */
export async function show(next: OfferWish): Promise<void> {
  asked += 1;
  const mine = asked;
  wish.value = next;
  wishRefusal.value = '';
  busy.value = true;
  try {
    const found = await offersApi.preview(next);
    if (mine === asked) preview.value = found;
  } catch (error) {
    if (mine === asked) {
      preview.value = null;
      wishRefusal.value = sentence(error);
    }
  } finally {
    if (mine === asked) busy.value = false;
  }
}

export function giveUp(): void {
  asked += 1;
  wish.value = preview.value = null;
  wishRefusal.value = '';
  busy.value = false;
}

/** Makes exactly the offer that is shown: the same technicians in the same waves. */
export async function make(): Promise<void> {
  const what = preview.value;
  if (!what || !wish.value || busy.value) return;
  busy.value = true;
  const waves: string[][] = [];
  for (const one of what.asked) (waves[one.wave - 1] ??= []).push(one.technician_id);
  try {
    const { answer, act } = await offersApi.make({ job_id: what.job_id, minutes: what.minutes, waves });
    put(answer);
    noteDone(t('offers.made', { n: waves[0]?.length ?? 0 }, waves[0]?.length ?? 0), act);
    giveUp();
  } catch (error) {
    wishRefusal.value = sentence(error);
    busy.value = false;
  }
}

export async function withdraw(offer: Offer): Promise<void> {
  try {
    put(await offersApi.withdraw(offer.id));
  } catch (error) {
    toast(sentence(error), { tone: 'refusal' });
    void fetchOffers();
  }
}
