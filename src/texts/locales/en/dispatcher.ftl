# Answers to dispatchers who text, in English.
choose = { $company }: { $title }, { $place }: { $slots }. Reply SEND { $reply }
choose-nobody = { $company }: nobody can take { $title }, { $place } that day. The board says why.
choose-anew = { $company }: nothing was done. { $why } Now: { $slots }. Reply SEND { $reply }
sent = { $company }: { $name } goes to { $title }, { $place }, { $start }. Undo it on the board.
not-sent = { $company }: nothing was done. { $why }
which = { $company }: which one? { $names }. Reply SEND { $reply }
no-job = { $company }: there is no job { $number } to place.
several-jobs = { $company }: several jobs end in { $number }. Write more of the number.
which-job = { $company }: for which job? First text its number and a question mark, for instance 4812?
