# Texts in English.
job-assigned = { $company }: { $title }, { $place }, { $start }. { $link }
crew-assigned = { $company }: you go along with { $lead }: { $title }, { $start }. { $link }
jobs-assigned = { $count ->
    [one] { $company }: { $count } new or moved job for you. { $link }
   *[other] { $company }: { $count } new or moved jobs for you. { $link }
}
job-taken-off = { $company }: you no longer go to { $title }, { $start }.
jobs-taken-off = { $count ->
    [one] { $company }: { $count } visit is off your schedule. { $link }
   *[other] { $company }: { $count } visits are off your schedule. { $link }
}
schedule-published = { $count ->
    [0] { $company }: nothing planned for you on { $day }. { $link }
    [one] { $company }: your schedule for { $day }, { $count } visit. { $link }
   *[other] { $company }: your schedule for { $day }, { $count } visits. { $link }
}
job-offered = { $company }: offer { $start }, { $title }, { $place }. Y or N? { $link }
offer-filled = { $company }: { $title }, { $start }: this job is no longer to be had.
offer-refused = { $company }: the job is not yours. { $why }
offers-waiting = { $company }: { $count } offers wait for you. Choose on your page: { $link }
visit-promised = { $company }: we will be at your place { $day } between { $from } and { $to }. Track it: { $link }
visit-promised-days = { $company }: we will come between { $day }, { $from }, and { $last }, { $to }. Track it: { $link }
on-the-way = { $company }: { $technician } is on the way, arriving around { $eta }. Track it: { $link }
eta-changed = { $company }: new arrival time, around { $eta }. Track it: { $link }
late = { $company }: { $technician } is running late, arriving around { $eta }. Track it: { $link }
rescheduled = { $company }: your visit is moved to { $day } between { $from } and { $to }. Track it: { $link }
rescheduled-days = { $company }: your visit is now between { $day }, { $from }, and { $last }, { $to }. Track it: { $link }
cancelled = { $company }: your visit planned for { $day } is cancelled. Any question? Reply to this text.
hour-gone = { $company }: the time we gave you for { $day } no longer holds. We will text you a new one.
done = { $company }: the visit is over, thank you! A problem? Reply to this text.
opt-out-confirmed = { $company }: done, you will get no more texts from us. Reply START to get them again.
opt-in-confirmed = { $company }: you will get our texts again. Reply STOP to end them.
help = { $company }: news of your visits by text. Write to us here. Reply STOP to end texts.
help-phone = { $company }: news of your visits by text. Help: { $phone }. Reply STOP to end texts.
