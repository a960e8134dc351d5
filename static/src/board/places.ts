// Where each bar stands, so that a bar that changes rows can slide from there. Drawing's memory; nothing decides by it.
export interface Place {
  x: number;
  top: number;
}

/** By job id; emptied when another day is shown. */
export const lastPlaces = new Map<string, Place>();
