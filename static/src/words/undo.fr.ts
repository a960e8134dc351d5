// Les mots de l’annulation, en français. Une partie de fr.ts.
import type en from './undo.en';

const undo: typeof en = {
  title: 'Ce que j’ai fait',
  undo: 'Annuler',
  redo: 'Refaire',
  undone: 'Annulé : {what}',
  redone: 'Refait : {what}',
  late: 'Un texto était déjà parti : sa correction attend votre accord dans « Ce que j’ai fait ».',
  nothing: 'Rien à annuler ni à refaire.',
  refused:
    'Le dernier geste a été refusé : rien n’a été fait, rien n’est annulé. Ctrl Z encore une fois annule ce qui le précédait.',
  empty: 'Ce que vous faites au tableau paraît ici, et peut être annulé, aussi après un rechargement.',
  done: 'Fait',
  takenBack: 'Annulé',
  blocked: 'Ne peut plus être annulé : {by}, {time}. {what}',
  drafted: 'Textos à approuver',
  draftedHint: 'Une annulation contredit un texto déjà parti. Rien ne part sans votre accord.',
  approve: 'Envoyer',
  discard: 'Ne pas envoyer',
};

export default undo;
