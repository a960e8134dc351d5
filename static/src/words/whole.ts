// Both languages at once: for the unit tests, which speak before anything could be fetched.
import { bring } from '.';

await Promise.all([bring('fr'), bring('en')]);
