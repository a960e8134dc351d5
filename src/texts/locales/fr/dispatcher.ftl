# Réponses aux répartiteurs qui écrivent par texto, en français.
choose = { $company } : { $title }, { $place } : { $slots }. Répondez ENVOYER { $reply }
choose-nobody = { $company } : personne ne peut prendre { $title }, { $place } ce jour-là. Le tableau dit pourquoi.
choose-anew = { $company } : rien n'a été fait. { $why } Maintenant : { $slots }. Répondez ENVOYER { $reply }
sent = { $company } : { $name } va à { $title }, { $place }, { $start }. À annuler sur le tableau au besoin.
not-sent = { $company } : rien n'a été fait. { $why }
which = { $company } : lequel ? { $names }. Répondez ENVOYER { $reply }
no-job = { $company } : il n'y a pas d'intervention { $number } à placer.
several-jobs = { $company } : plusieurs interventions finissent par { $number }. Écrivez plus de chiffres.
which-job = { $company } : pour quelle intervention ? Écrivez d'abord son numéro et un point d'interrogation, par exemple 4812?
