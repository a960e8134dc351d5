import { expect, test } from 'vitest';
import {
  apart,
  changed,
  customerDraft,
  customerInput,
  differences,
  placeInput,
  pointed,
  pointOf,
  townIn,
  wrongCustomer,
  wrongPlace,
  type CustomerDraft,
} from './form';

const ana: CustomerDraft = { name: 'Ana Roy', phone: '', email: '', language: '', notes: '' };

test('what is left empty is sent as nothing, and blanks do not count', () => {
  expect(customerInput({ ...ana, name: '  Ana Roy ', email: ' ' })).toEqual({
    name: 'Ana Roy',
    phone: null,
    email: null,
    language: null,
    notes: null,
  });
  expect(customerDraft(null).name).toBe('');
});

test('a field that cannot be right is named before anything is sent', () => {
  expect(wrongCustomer(ana)).toEqual({});
  expect(wrongCustomer({ ...ana, name: ' ' })).toEqual({ name: 'name' });
  expect(wrongCustomer({ ...ana, phone: '450 55', email: 'ana' })).toEqual({ phone: 'phone', email: 'email' });
  expect(wrongCustomer({ ...ana, phone: '(450) 555-0123' })).toEqual({});
  expect(wrongPlace({ address: '', point: 'chez Luc', notes: '' })).toEqual({ address: 'address', point: 'point' });
});

test('a position is read as maps and people write it', () => {
  const there = { lat: 45.0502, lon: -73.5811 };
  for (const text of ['45.0502, -73.5811', '45.0502 -73.5811', '45,0502; -73,5811', ' 45.0502,-73.5811 ']) {
    expect(pointOf(text), text).toEqual(there);
  }
  for (const text of ['', '45.05', '145, -73', '45, -273', 'a, b', '1 2 3']) expect(pointOf(text), text).toBeNull();
  expect(placeInput({ address: '12, rang Un', point: '45.5, -73', notes: '' })).toEqual({
    address: '12, rang Un',
    lat: 45.5,
    lon: -73,
    notes: null,
  });
});

test('an address that names a town of the region begins at its centre', () => {
  expect(townIn('12, rue Principale, St-Rémi, QC')?.name).toBe('Saint-Rémi');
  expect(townIn('4 rang 3, hemmingford')).toEqual({ name: 'Hemmingford', point: '45.05, -73.59' });
  expect(townIn('1, rue de Montréalais')).toBeNull();
});

test('the server’s pointers become the form’s fields', () => {
  expect(pointed(['/phone', '/elsewhere'], ['name', 'phone'])).toEqual({ phone: 'phone' });
  expect(pointed(['/lat'], ['address', 'point'])).toEqual({ point: 'point' });
});

test('a conflict is told by what both changed, and only my changes are sent', () => {
  const mine = { ...ana, phone: '450 555-0123', notes: 'chien' };
  const theirs = { ...ana, phone: '+15145550199', email: 'ana@example.org', notes: 'chien' };
  expect(differences(ana, mine, theirs)).toEqual([{ field: 'phone', mine: '450 555-0123', theirs: '+15145550199' }]);
  expect(differences(ana, mine, { ...ana, email: 'ana@example.org' })).toEqual([]);
  expect(changed(customerInput(ana), customerInput(mine))).toEqual({ phone: '450 555-0123', notes: 'chien' });
});

test('a number that is typed with a name is told apart, and no part of a name that only has digits in it', () => {
  const said = (typed: string): string[] => Object.values(apart(typed));
  expect(said('Zoé Lavoie 450 555-0177')).toEqual(['Zoé Lavoie', '450 555-0177']);
  expect(said('(450) 555-0177, Zoé Lavoie')).toEqual(['Zoé Lavoie', '(450) 555-0177']);
  expect(said('Zoé (4505550177) Lavoie')).toEqual(['Zoé Lavoie', '4505550177']);
  expect(said('Zoé +33 1 23 45 67 89')).toEqual(['Zoé', '+33 1 23 45 67 89']);
  expect(said(' 1-450-555-0177 ')).toEqual(['', '1-450-555-0177']);
  for (const name of ['9123-4567 Québec inc.', 'Dépanneur 24 7', 'Route 138 et 209', 'Ferme 2000-2024'])
    expect(said(name)).toEqual([name, '']);
  expect(wrongCustomer({ ...ana, name: 'Zoé 450 555-0177', phone: '450 555-0101' })).toEqual({ name: 'name' });
});
