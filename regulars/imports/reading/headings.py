"""What a column's heading says, in the words people and programs use in seven languages."""

import re
import unicodedata
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ASIDE = re.compile(r"[(\[{].*?[)\]}]|[*:]")
_NOT_WORD = re.compile(r"[^a-z0-9#@]+")

_MEANINGS = {
    # Numbers of things
    "id": "id record_id number no nr num # key code ident identifier uid guid uuid kennung"
    " matricola"
    " identifiant identificador cod codigo codice numero nummer numar ref reference external_id"
    " externalid external_ref",
    # People's names
    "name": "name full_name fullname nom_complet nombre_completo nome_completo nume_complet"
    " display_name nombre nome nume numele nom vollstandiger_name vor_und_nachname nume_si_prenume"
    " nombre_y_apellidos nome_e_cognome nom_et_prenom nominativo denominazione",
    "first_name": "first_name firstname first given_name givenname forename fname vorname rufname"
    " prenom prenume primer_nombre nome_proprio primeiro_nome nombre_de_pila",
    "last_name": "last_name lastname last surname family_name familyname lname nachname"
    " familienname zuname nom_de_famille apellido apellidos cognome sobrenome apelido"
    " nume_de_familie",
    "company": "company company_name organisation organization organisation_name"
    " organization_name org business business_name firm firma firmenname unternehmen"
    " gesellschaft societe entreprise raison_sociale empresa razon_social azienda"
    " ragione_sociale societa companie firma_nume denumire companhia razao_social account_name"
    " dealership_name shop_name nome_azienda nombre_empresa nom_entreprise nume_firma",
    "contact_name": "contact contact_name contact_person contactperson ansprechpartner"
    " kontaktperson kontakt personne_a_contacter nom_du_contact interlocuteur persona_de_contacto"
    " contacto nombre_de_contacto referente contatto persona_di_riferimento persoana_de_contact"
    " pessoa_de_contato contato primary_contact main_contact",
    "contact_title": "contact_title job_title jobtitle title position job function funktion"
    " berufsbezeichnung stellung fonction poste cargo puesto titulo qualifica ruolo_aziendale"
    " mansione functie post occupation contact_position",
    # Reaching them
    "email": "email e_mail mail"
    " email_address e_mail_address emailaddress mail_address e_mail_adresse"
    " email_adresse mailadresse courriel adresse_email adresse_mail adresse_e_mail"
    " correo correo_electronico posta_elettronica indirizzo_email adresa_email adresa_de_email"
    " endereco_de_email login_email",
    "phone": "phone phone_number telephone telephone_number tel tel_no telefon telefonnummer"
    " rufnummer mobile mobile_phone mobil mobiltelefon mobilnummer handy handynummer cell"
    " cell_phone cellphone fax fax_number faxnummer telefax telecopie numero_de_telephone"
    " portable telefono numero_de_telefono movil celular fisso cellulare numero_di_telefono"
    " numar_de_telefon telefone telemovel home_phone homephone work_phone workphone office_phone"
    " business_phone day_phone evening_phone telefono_movil telephone_portable gsm whatsapp"
    " direct_line direct_phone",
    # Where they are
    "location_name": "location_name address_name address_label location_type address_type",
    "line1": "address address1 address_1 address_line_1 address_line1 line1 line_1 street"
    " street_address street1 adresse adresszeile_1 strasse straße strasse_und_hausnummer anschrift"
    " rue adresse_1 voie direccion calle domicilio indirizzo via adresa strada endereco rua"
    " morada logradouro",
    "line2": "address2 address_2 address_line_2 address_line2 line2 line_2 street2 street_2 suite"
    " apartment apt unit adresszeile_2 adresszusatz adresse_2 complement complement_d_adresse"
    " direccion_2 piso indirizzo_2 adresa_2 complemento endereco_2",
    "city": "city town city_name municipality locality ort stadt wohnort ville commune ciudad"
    " localidad poblacion municipio citta comune localita oras localitate cidade concelho suburb",
    "state": "state region province county state_province state_region bundesland land_region"
    " etat departement estado provincia comunidad regione stato judet regiune distrito uf"
    " prefecture canton kanton",
    "postal_code": "postal_code postalcode postcode post_code zip zip_code zipcode zip_postal_code"
    " plz postleitzahl code_postal codepostal cp codigo_postal cap codice_postale cod_postal"
    " cep codigo_de_postal",
    "country": "country country_name country_code nation land staat pays pais paese nazione tara"
    " country_region iso_country",
    # The relation
    "type": "type customer_type client_type account_type kundentyp kundenart type_de_client"
    " tipo_de_cliente tipo_cliente tip_client lifecycle_stage stage lead_status",
    "source": "source lead_source origin herkunft quelle origine provenance origen fuente fonte"
    " sursa origem how_did_you_hear",
    "group": "group customer_group price_group gruppe kundengruppe groupe groupe_client grupo"
    " grupo_de_clientes gruppo grup segment category kategorie categorie categoria",
    "tags": "tags tag labels label keywords etiketten schlagworte schlagwort etiquettes etiquetas"
    " etichette etichete marcadores",
    "store": "store store_name branch location dealership filiale niederlassung standort geschaft"
    " magasin agence succursale tienda sucursal negozio magazin filiala loja filial",
    "team": "team department abteilung equipe departement_interne equipo departamento squadra"
    " reparto echipa equipa",
    "role": "role rolle rol ruolo papel permission permissions access_level",
    "owner": "owner account_owner customer_owner sales_rep salesrep rep sales_agent agent"
    " salesperson sales_person salesman sales_employee account_manager assigned assigned_to"
    " assigned_user handled_by seller responsible advisor consultant verkaufer betreuer"
    " kundenbetreuer sachbearbeiter vertreter zustandig commercial vendeur charge_de_clientele"
    " conseiller vendedor comercial agente_comercial responsable venditore agente commerciale"
    " responsabile vanzator agent_de_vanzari responsabil responsavel gestor",
    "note": "note notes comment comments remark remarks memo description bemerkung bemerkungen"
    " notiz notizen anmerkung kommentar remarque remarques commentaire commentaires nota notas"
    " observaciones comentario comentarios osservazioni commento observatii nota_interna"
    " observacoes details",
    "created_at": "created created_at created_on created_date create_date date_joined joined"
    " join_date creation_date date_created date_added added_on"
    " customer_since since registered registered_at registered_on registration_date signup_date"
    " sign_up_date member_since angelegt angelegt_am erstellt_am erstellt kunde_seit"
    " registriert_am date_de_creation cree_le client_depuis inscription fecha_de_creacion"
    " fecha_de_alta alta cliente_desde data_di_creazione data_creazione creato_il cliente_dal"
    " data_crearii creat_la data_inregistrarii data_de_criacao criado_em data_de_cadastro",
    "date": "date datum data fecha day tag_datum time timestamp zeit heure hora ora occurred_at"
    " happened_at happened_on occurred_on date_time datetime when",
    "kind": "kind event_kind event_type event activity activity_type action ereignis"
    " ereignisart evenement type_d_evenement evento tipo_de_evento tipo_evento eveniment",
    "staff_note": "photo photo_path picture reports_to reportsto manager birth_date birthdate"
    " birthday hire_date hiredate extension title_of_courtesy salutation anrede civilite"
    " tratamiento",
}

_WHOSE = {
    "customer": "customer customers client clients kunde kunden kundin cliente clientes"
    " clienti clientului acheteur buyer account lead prospect guest patient member debitor klient",
    "staff": "employee employees staff user mitarbeiter angestellter personal employe salarie"
    " empleado trabajador dipendente impiegato angajat salariat funcionario empregado personnel"
    " worker colleague rep salesrep seller salesperson agent owner verkaufer vendeur vendedor",
    "event": "order orders invoice bestellung auftrag rechnung commande facture pedido factura"
    " ordine fattura comanda comenzii encomenda fatura call visit ticket event activity"
    " appointment booking purchase sale transaction kauf besuch anruf termin deal quote offer"
    " shipment payment message",
    "company": "company firm firma organisation organization org business empresa azienda societe",
    "contact": "contact kontakt contacto contatto contato primary main home principal haupt",
    "place": "billing mailing postal address default location rechnungs rechnung facturation"
    " facturacion fatturazione invoice_address billing_address default_address mailing_address",
    "elsewhere": "shipping delivery ship lieferung liefer livraison envio spedizione",
}

_STOP = frozenset(
    {
        "the",
        "of",
        "a",
        "de",
        "du",
        "des",
        "der",
        "die",
        "das",
        "del",
        "di",
        "da",
        "do",
        "la",
        "le",
        "el",
        "your",
        "please",
        "enter",
    }
)


@lru_cache(maxsize=4_096)
def words(heading: str) -> tuple[str, ...]:
    """The heading's words: folded, split at capitals and signs. `customerID` → customer, id."""
    text = _CAMEL.sub(" ", heading.strip())
    text = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    text = "".join(one for one in text if not unicodedata.combining(one)).casefold()
    return tuple(_NOT_WORD.sub(" ", text).split())


def _index(table: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for meaning, phrases in table.items():
        for phrase in phrases.split():
            found.setdefault("_".join(words(phrase.replace("_", " "))), meaning)
    return found


_MEANING_OF = _index(_MEANINGS)
_WHOSE_OF = _index(_WHOSE)


@lru_cache(maxsize=4_096)
def meaning(heading: str) -> tuple[str | None, str | None]:
    """What the heading says and whose it is: `customerID` → id, customer; `City` → city, None."""
    parts = words(heading)
    if not parts:
        return None, None
    exact = _lookup(parts)
    if exact is not None:
        return exact, None
    plain = tuple(one for one in parts if one not in _STOP)
    exact = _lookup(plain)
    if exact is not None:
        return exact, None
    found = _with_owner(plain)
    bare = _ASIDE.sub(" ", heading).strip()
    if found[0] is None and bare and bare != heading.strip():
        found = meaning(bare)
    return (_somewhere_in(plain), found[1]) if found[0] is None else found


def _lookup(parts: tuple[str, ...]) -> str | None:
    return _MEANING_OF.get("_".join(parts)) or _MEANING_OF.get("".join(parts))


def _with_owner(parts: tuple[str, ...]) -> tuple[str | None, str | None]:
    """A word that says whose it is, before or after what it says."""
    for cut in (1, 2):
        for owner, rest in ((parts[:cut], parts[cut:]), (parts[-cut:], parts[:-cut])):
            whose = _WHOSE_OF.get("_".join(owner))
            if whose and rest and (found := _lookup(rest)):
                return found, whose
    if len(parts) == 1:
        return _grown_together(parts[0])
    if len(parts) > 2:
        return _with_owner(parts[1:]) if _lookup(parts[1:]) is None else (_lookup(parts[1:]), None)
    if len(parts) == 2 and parts[1].isdigit():
        return _lookup(parts[:1]), None
    return None, _WHOSE_OF.get("_".join(parts))


def _somewhere_in(parts: tuple[str, ...]) -> str | None:
    """A word that only ever means one thing, wherever it stands: `Phone 1 - Value`."""
    found = {_MEANING_OF.get(one) for one in parts} & {"email", "phone"}
    return found.pop() if len(found) == 1 else None


def _grown_together(word: str) -> tuple[str | None, str | None]:
    """`kundennummer`, `customerid`, `phone2`: one word made of two."""
    bare = word.rstrip("0123456789")
    if bare != word and bare and (found := _lookup((bare,))):
        return found, None
    for cut in range(3, len(word) - 1):
        whose, rest = _WHOSE_OF.get(word[:cut]), word[cut:]
        if whose and (found := _lookup((rest,)) or _lookup((rest.lstrip("ns"),))):
            return found, whose
    return None, _WHOSE_OF.get(word)


def whose_word(word: str) -> str | None:
    """Whose a single folded word says something is: `orders` → event."""
    return _WHOSE_OF.get(word)


def is_heading(text: str) -> bool:
    """Whether a cell reads like a heading we know."""
    return len(text) <= 60 and meaning(text)[0] is not None
