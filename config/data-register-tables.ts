/**
 * Every table of the service: how long a row is kept, why it is there, and below what each of its columns is for
 * (kinds and times: `data-register.ts`). A column that is not here fails `test/database/data-register.spec.ts`:
 * nothing is stored without a reason.
 */
export const DATA_REGISTER = `
agenda | service | Agenda d’un lieu de convocation.
  key id place_id; setting name; date archived_at
agent | agent | Compte d’un agent, son service et son rôle.
  key id organization_id headquarters_id; identity email first_name last_name oidc_idp_id oidc_sub search_key; act role charter_version; security password_hash totp_secret totp_confirmed_at totp_last_step; date disabled_at created_at charter_accepted_at last_signed_in_at; contact phone share_email share_phone
agent_absence | agent | Absence d’un agent et remplaçant nommé.
  key id; actor agent_id replacement_id written_by_agent_id; date starts_on ends_on starts_at ends_at created_at
agent_alert | service | Annonce aux agents, par service et par rôle.
  key id organization_id; setting level roles; words text; date starts_at ends_at created_at withdrawn_at; actor written_by_agent_id
agent_alert_read | agent | Annonces déjà lues par un agent.
  key alert_id; actor agent_id; date read_at
agent_mail | agent | Courriels à envoyer aux agents (invitation, mutation).
  key id; actor agent_id; act kind tries; date created_at claimed_at sent_at
agent_task | follow | Tâche ouverte à un agent : joindre autrement, corriger un numéro.
  key id person_id convocation_id message_id organization_id; act kind promise_version outcome; words reason; actor assigned_to_agent_id closed_by_agent_id; date opened_at act_before closed_at
agent_transfer | agent | Mutation d’un agent et reprise de ses suivis.
  key id from_organization_id to_organization_id; actor agent_id asked_by_agent_id heirs decided_by_agent_id; identity asked_email; act side state; date asked_at decided_at
api_key | service | Clé d’un logiciel tiers ; seule son empreinte est gardée.
  key id organization_id public_id replaced_by; setting role name scopes; security key_hash; date created_at revoked_at expires_at last_used_at; actor created_by revoked_by
appointment_type | service | Types de convocation.
  key code; setting name position needs_slot on_weekends shows_address is_hearing_exit is_assigned place_kind booked_by_tj booked_by_spip family
attendance_cell | figures | Présences et absences additionnées.
  count layer type_code time_zone attended missed excused booked cancelled_by_service cancelled_by_person cancelled_by_court moved_marked moved_booked; key organization_id place_id; date first_day
attendance_delta | minute | Changements à additionner aux présences.
  key organization_id place_id; setting type_code time_zone state cancelled_by moved n; date local_date
attendance_design_effect | figures | Effet de grappe des absences.
  key organization_id; date months; count design_effect
baseline_count | figures | Chiffres d’absence d’avant le déploiement, par mois.
  key organization_id import_id; date month; count type_code attended missed excused cancelled unknown
baseline_import | figures | Imports de ces chiffres.
  key id organization_id; count source rows; date created_at first_month last_month undone_at; actor created_by_agent_id undone_by_agent_id
breakdown_cell | figures | Absences par heure, jour, délai.
  key organization_id; date month; count dimension value type_code attended missed excused cancelled unknown
breakdown_fold | figures | Date de la dernière addition.
  key only_row; date folded_at
breakdown_total | figures | Les mêmes, tous types ensemble.
  key organization_id; date month; count dimension value attended missed excused cancelled unknown
certificate | follow | Attestation de ce qui a été envoyé à une personne.
  key id code person_id convocation_id organization_id message_ids; actor agent_id; date issued_at journal_day; security content_digest key_id journal_hash; act journal_seq
clock_offset | technical | Décalage d’horloge, hors production seulement.
  key only_row; setting shift
contact | contact | Numéros et adresses électroniques, chiffrés, chacun une fois.
  key id; setting kind; contact value_sealed value_index tail_index; date created_at
convocation | follow | Convocation d’une personne : lieu, heure promise, état, issue.
  key id person_id agenda_id place_id organization_id slot_id created_by_organization_id; promise type_code time_zone duration_minutes promise_version state cancelled_by; date local_date local_time starts_at outcome_at created_at updated_at; actor created_by_agent_id assigned_to_agent_id
delivery_attempt | follow | Tentative d’envoi d’un message chez un opérateur.
  key id message_id template_id operator_message_id; message number channel operator sender segments result error_code lookups conflicting_status awaits_receipt; security token_hash body_hash; date started_at real_started_at answered_at next_lookup_at; contact recipient_id
engine_tally | figures | Compteurs des messages et des appels.
  count subject channel operator label n
environment | technical | Environnement pour lequel la base a été faite.
  key only_row; setting name; date installed_at
headquarters | service | Sièges qui réunissent plusieurs services.
  key id; setting name; date created_at
history_entry | follow | Histoire d’un dossier, sans jamais être réécrite.
  key id person_id convocation_id; date at; act event; actor agent_id; security api_key_id; words detail
idempotency_key | idempotency | Réponses gardées pour qu’une demande répétée n’agisse qu’une fois ; chiffrées.
  key caller key id; security request_hash body_sealed; setting status; date created_at
impersonation | journal | Connexions d’un administrateur central sous le nom d’un agent, avec leur motif.
  key id; actor impersonator_id agent_id; words reason; date started_at ends_at ended_at
inbound_message | follow | Réponses reçues par SMS.
  key id operator_message_id; setting operator; message body intent; date received_at; contact phone_id
inbound_message_person | follow | Personnes que peut concerner une réponse.
  key inbound_message_id person_id
journal_entry | journal | Journal : qui a vu, cherché, exporté ou changé quoi.
  key id person_id object_id organization_id request_id; date at; act action; actor agent_id impersonator_id; security api_key_id agent_digest impersonator_digest api_key_digest person_digest object_digest detail_digest key_id mac; words detail
journal_head | chain | Fin de la chaîne du journal, jour par jour.
  date day; setting first_seq last_seq; security hash key_id mac
journal_link | chain | Chaîne du journal : aucune ligne ne peut changer sans que cela se voie.
  setting seq; date day; key entry_id; security key_id hash
journal_unlinked | linking | Lignes du journal qui attendent leur maillon.
  key entry_id
known_origin | origin | Navigateurs déjà connus d’un agent, par empreinte.
  actor agent_id; security key_hash; date last_seen_at
message | follow | Message à envoyer ou envoyé : sorte, heure due, état.
  key id convocation_id told_by_message_id; message kind occurrence promise_version state claim_epoch attempts possible_duplicate lane wanted_channel ladder_step; words reason; date due_at first_due_at useful_until claimed_at accepted_at settled_at created_at updated_at followed_up_at
migrations | technical | Versions du schéma.
  key id; date timestamp; setting name
oidc_login | login | Connexion ProConnect en cours.
  security state_hash browser_hash nonce code_verifier; setting purpose return_to asks_again; date expires_at
operator_comparison | figures | Comparaisons avec la liste de l’opérateur.
  count operator outcome cluster; date compared_at
operator_state | technical | Disponibilité et débit d’un opérateur.
  setting operator circuit calls failures successes unreachable openings last_error_code last_alert; date since opened_at window_started_at probe_at last_alert_at refilled_at due_turns_until bulk_turns_until; security tokens
organization | service | Services (SPIP, tribunaux) et leurs réglages.
  key id headquarters_id; setting name kind time_zone calendar email sends_on_closed_days send_window sms_price_cents is_inter_ressort siret email_domains; date rolled_out_on created_at
organization_link | service | Liens entre un tribunal et un SPIP.
  key tj_id spip_id; setting tj_kind spip_kind
person | follow | Personne suivie : ce qu’il faut pour la reconnaître et la convoquer.
  key id created_by_organization_id; identity first_name last_name search_key birth_date appi_number language; contact phone_mobile phone_territory no_phone sms_refused_at sms_refused_origin register phone_failures phone_flagged_at phone_flag_reason phone_reached_at phone_id email_id email_flagged_at email_flag_reason; actor referent_id; date archived_at created_at updated_at referent_left_at
person_organization | follow | Services qui suivent une personne.
  key person_id organization_id; date since
phone_block | follow | Numéros et adresses qui ne veulent plus de message.
  date since first_lift_at; setting origin; actor first_lift_by_agent_id; contact phone_id
place | service | Lieux de convocation.
  key id organization_id; setting name address time_zone phone email contact_method information_url; date archived_at created_at
place_closing_day | service | Jours de fermeture d’un lieu.
  key place_id; date local_date; setting label
public_figure | figures | Chiffres publics arrêtés chaque trimestre.
  date quarter month computed_at; key organization_id; count persons known absence_percent unknown_percent
receipt | follow | Accusés de réception des opérateurs.
  key id attempt_id operator_message_id; message status error_code; date received_at
recovery_code | agent | Codes de secours d’un agent, par empreinte.
  actor agent_id; security code_hash; date used_at
reminder_plan | service | Plans de rappel d’un service.
  key id organization_id; setting type_code version steps weekly_limit; actor created_by_agent_id; date created_at
replan | service | Changements de plan dont les messages restent à planifier de nouveau.
  key id organization_id last_organization_id last_convocation_id; setting type_code territory; count total reached moved added withdrawn altered; date last_starts_at created_at finished_at
rollout | figures | Registre des déploiements.
  key id organization_id place_id replaces_id; count type_code; actor agent_id created_by_agent_id withdrawn_by_agent_id; date started_on stopped_on created_at withdrawn_at; words note
rollout_plan | figures | Plans de déploiement à l’étude.
  key id organization_id; count name design; date created_at; actor created_by_agent_id
rollout_target | figures | Objectifs d’un déploiement.
  key id organization_id; count relative_change; date from_on until_on created_at withdrawn_at; words note; actor created_by_agent_id withdrawn_by_agent_id
sending_hold | service | Suspensions des envois, avec leur motif.
  key id; words reason detail; date since released_at real_released_at; actor set_by released_by
service_unit_cost | figures | Coûts unitaires d’un service.
  key organization_id; count letter_cents registered_cents hour_cents letters_per_absence registered_per_absence minutes_per_absence; date updated_at; actor updated_by_agent_id
session | session | Session ouverte d’un agent ; seule l’empreinte du jeton est gardée.
  security token_hash csrf_token proved_at second_factor_at browser oidc_id_token totp_pending impersonation_csrf; actor agent_id; date created_at last_seen_at; key id impersonation_id
sign_in_failure | failure | Essais de connexion manqués, par empreinte.
  key id; security key_hash; date at
sign_in_link | link | Liens d’invitation et de nouveau mot de passe, par empreinte.
  security token_hash; actor agent_id; date expires_at used_at created_at; setting purpose
slot | service | Créneaux ouverts.
  key id agenda_id weekly_slot_id; setting type_code time_zone duration_minutes capacity seats_taken; date local_date local_time starts_at closed_at created_at
stop_link | stop | Liens personnels placés dans les messages, par empreinte.
  security token_hash; key convocation_id person_id; date expires_at; contact recipient_id
task_run | technical | Dernière exécution des tâches répétées.
  setting task; date last_run_at
template | service | Textes des messages, version par version.
  key id organization_id; setting kind type_code language register version text; actor created_by_agent_id reviewed_by_agent_id; date created_at reviewed_at
territory_setting | service | Réglages par territoire.
  setting territory operator poor_coverage earlier_hours; date updated_at; actor updated_by_agent_id
text_cost_cell | figures | Messages et parts, par mois.
  key organization_id; date month; count type_code texts parts
trial | figures | Essais de textes et de cadences.
  key id; count name differs_by unit by_service by_first outcome planned_size looks state; words question stop_reason; security seed; date ends_on created_at registered_at started_at finished_at; actor created_by_agent_id
trial_arm | figures | Bras d’un essai.
  key trial_id; count position name share reminders
trial_assignment | follow | Bras tiré pour une unité d’essai.
  key trial_id unit_id; setting stratum position arm; date assigned_at
trial_convocation | follow | Convocations qui comptent dans un essai.
  key convocation_id trial_id unit_id; setting arm; date booked_at
trial_event | figures | Histoire d’un essai.
  key id trial_id; date at; count event; actor agent_id; words detail
trial_population | figures | Services et types d’un essai.
  key trial_id organization_id; count type_code is_running
trial_stratum | figures | Strates d’un essai.
  key trial_id; count stratum entered
trial_text | figures | Textes d’un essai.
  key trial_id; count arm kind register text
webhook_delivery | webhook | Appels aux logiciels abonnés ; des identifiants seulement.
  key id endpoint_id event_id convocation_id organization_id; setting event state status attempts answer_status answer_error latency_ms; date occurred_at due_at called_at settled_at
webhook_endpoint | service | Logiciels abonnés ; leur secret est chiffré.
  key id organization_id; setting url events disabled_reason; security secret_sealed old_secret_sealed old_secret_until older_secret_sealed older_secret_until; date created_at failing_since disabled_at; actor created_by
weekly_slot | service | Modèles de créneaux hebdomadaires.
  key id agenda_id; setting type_code duration_minutes capacity; date weekday local_time
`;
