// Whether there is an address file to ask: learnt by the first answer, for as long as the page is open.
let none = false;

export const isThereNoFile = (): boolean => none;

export function thereIsNoFile(): void {
  none = true;
}
