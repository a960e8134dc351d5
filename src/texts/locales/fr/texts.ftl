# Texts in French. They keep to the alphabet of the cheap segment where they can, and say « vous ».
job-assigned = { $company } : { $title }, { $place }, { $start }. { $link }
crew-assigned = { $company } : vous accompagnez { $lead } : { $title }, { $start }. { $link }
jobs-assigned = { $count ->
    [one] { $company } : { $count } intervention nouvelle ou déplacée. { $link }
   *[other] { $company } : { $count } interventions nouvelles ou déplacées. { $link }
}
job-taken-off = { $company } : vous n'allez plus à { $title }, { $start }.
jobs-taken-off = { $count ->
    [one] { $company } : { $count } visite retirée de votre horaire. { $link }
   *[other] { $company } : { $count } visites retirées de votre horaire. { $link }
}
schedule-published = { $count ->
    [0] { $company } : rien de prévu pour vous le { $day }. { $link }
    [one] { $company } : votre horaire du { $day }, { $count } visite. { $link }
   *[other] { $company } : votre horaire du { $day }, { $count } visites. { $link }
}
job-offered = { $company } : offre { $start }, { $title }, { $place }. O ou N? { $link }
offer-filled = { $company } : { $title }, { $start } : cette intervention n'est plus à prendre.
offer-refused = { $company } : vous n'avez pas cette intervention. { $why }
offers-waiting = { $company } : { $count } offres vous attendent. Choisissez sur votre page : { $link }
visit-promised = { $company } : nous serons chez vous le { $day } entre { $from } et { $to }. Suivi : { $link }
visit-promised-days = { $company } : nous passerons entre le { $day }, { $from }, et le { $last }, { $to }. Suivi : { $link }
on-the-way = { $company } : { $technician } est en route, arrivée vers { $eta }. Suivi : { $link }
eta-changed = { $company } : nouvelle heure d'arrivée, vers { $eta }. Suivi : { $link }
late = { $company } : { $technician } a du retard, arrivée vers { $eta }. Suivi : { $link }
rescheduled = { $company } : visite reportée au { $day } entre { $from } et { $to }. Suivi : { $link }
rescheduled-days = { $company } : visite reportée : du { $day }, { $from }, au { $last }, { $to }. Suivi : { $link }
cancelled = { $company } : votre visite prévue le { $day } est annulée. Une question? Répondez à ce texto.
hour-gone = { $company } : l'heure annoncée pour le { $day } ne tient plus. Nous vous en donnerons une autre par texto.
done = { $company } : la visite est terminée, merci! Un souci? Répondez à ce texto.
opt-out-confirmed = { $company } : c'est noté, vous ne recevrez plus nos textos. Pour les reprendre, répondez START.
opt-in-confirmed = { $company } : vous recevrez de nouveau nos textos. Pour ne plus les recevoir, répondez ARRET.
help = { $company } : suivi de vos visites par texto. Écrivez-nous ici. ARRET pour ne plus recevoir de textos.
help-phone = { $company } : suivi de vos visites par texto. Aide : { $phone }. ARRET pour ne plus recevoir de textos.
