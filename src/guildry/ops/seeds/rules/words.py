"""The words a large made-up community is made of: names, trades, and sentences that fit together."""

from itertools import product

FIRST_NAMES = (
    "Ada", "Adaeze", "Aiko", "Alba", "Amina", "Anders", "Anneke", "Arjun", "Aroha", "Ayla", "Beatriz",
    "Ben", "Bilal", "Camille", "Carlos", "Chidi", "Chloe", "Clara", "Dalia", "Daniel", "Davina", "Diego",
    "Dilnoza", "Ebony", "Elif", "Emeka", "Emil", "Esi", "Eun", "Farah", "Fatima", "Femi", "Finn", "Freya",
    "Gabriel", "Giulia", "Grace", "Hana", "Hassan", "Hugo", "Ife", "Ines", "Ingrid", "Isaac", "Ismail",
    "Jamila", "Jonas", "Jun", "Kaia", "Karim", "Kenji", "Kofi", "Lars", "Leila", "Linh", "Lucia", "Mael",
    "Malik", "Marta", "Mei", "Milan", "Mira", "Nadia", "Naveen", "Nia", "Nils", "Noor", "Olena", "Omar",
    "Owen", "Paula", "Pavel", "Priya", "Rafael", "Rania", "Rosa", "Ruben", "Sade", "Sana", "Santiago",
    "Sean", "Selin", "Siobhan", "Sofia", "Suresh", "Tama", "Tariq", "Thandi", "Tomas", "Uma", "Valentina",
    "Viktor", "Wanjiru", "Yara", "Yusuf", "Zainab", "Zoe",
)  # fmt: skip
FAMILY_NAMES = (
    "Abadi", "Achterberg", "Adeyemi", "Ahmed", "Almeida", "Andersen", "Bakker", "Banerjee", "Baptiste",
    "Becker", "Bello", "Bianchi", "Botha", "Campbell", "Carvalho", "Chen", "Costa", "Cruz", "Dahl", "Das",
    "Diallo", "Dogan", "Dubois", "Eriksen", "Evans", "Farouk", "Fernandez", "Fischer", "Fofana", "Garcia",
    "Gomez", "Greene", "Gupta", "Haddad", "Hansen", "Haruna", "Hoang", "Horvat", "Ibrahim", "Ito", "Jansen",
    "Johansson", "Kamau", "Kaya", "Khan", "Kim", "Kowalska", "Kumar", "Larsen", "Lebedev", "Lin", "Lopez",
    "Makoni", "Marsh", "Mbeki", "Mensah", "Meyer", "Moreau", "Morgan", "Moyo", "Muller", "Nakamura",
    "Ndlovu", "Nguyen", "Novak", "Nwosu", "Okafor", "Okri", "Oliveira", "Osei", "Papadaki", "Park", "Patel",
    "Pereira", "Petrov", "Quispe", "Rahman", "Reyes", "Ricci", "Rossi", "Saidi", "Santos", "Sato",
    "Schmidt", "Silva", "Singh", "Smit", "Sousa", "Svensson", "Tanaka", "Taylor", "Tembo", "Torres",
    "Traore", "Varga", "Walsh", "Weber", "Wilson", "Yilmaz", "Zhang",
)  # fmt: skip
CRAFTS = (
    "Illustrator", "Joiner", "Photographer", "Translator", "Structural engineer", "Copy editor", "Potter", "Accountant",
    "Web developer", "Community organiser", "Film editor", "Landscape gardener", "Sound designer", "Bookbinder",
    "Researcher", "Trainer", "Tailor", "Data analyst", "Furniture maker", "Grant writer",
)  # fmt: skip
CLIENTS = (
    "small museums", "housing cooperatives", "festivals", "independent publishers", "schools", "family businesses",
    "public libraries", "start-ups that pay on time", "repair workshops", "health charities",
)  # fmt: skip
HATS = ("freelancer", "client", "job_seeker", "mentor", "volunteer", "organiser")
ORGANISATION_KINDS = ("company", "agency", "charity", "chapter")
ORGANISATION_FORMS = ("Works", "Studio", "Collective", "Trust", "Partners", "Guild", "Workshop", "Press")
PLACES = ("Leeds", "Lagos", "Lisbon", "Lima", "Pune", "Porto", "Kyoto", "Nairobi", "Utrecht", "Wellington")
HASHTAGS = (
    "freelancing", "firstclient", "pricing", "hiring", "portfolio", "mentoring", "opensource", "remotework",
    "accessibility", "typography", "ceramics", "woodwork", "translation", "bookdesign", "filmmaking", "fieldnotes",
    "repair", "volunteering", "bookkeeping", "contracts", "workshops", "research", "publicspeaking", "teaching",
    "sustainability", "archives", "cooperatives", "textiles", "gardens", "soundscapes",
)  # fmt: skip
_OPENINGS = (
    "Finished", "Started again on", "Spent the week on", "Learned a lot from", "Looking for a second pair of eyes on",
    "Proud of", "Wrote down what we learned from", "Handed over", "Quoted for", "Said no to",
)  # fmt: skip
_THINGS = (
    "a survey of an old bridge", "the catalogue for a small museum", "a kitchen made of reclaimed oak",
    "the subtitles of a documentary", "a booking page for a repair cafe", "the accounts of a housing cooperative",
    "a set of glazes for an outdoor wall", "the second draft of a field guide", "a workshop for first-time clients",
    "the sound of a harbour festival", "a grant that pays for apprentices", "a garden behind a public library",
)  # fmt: skip
_ENDINGS = (
    "after three honest rounds of comments.", "and the budget held.", "with somebody I met here.",
    "which took twice as long as I thought.", "and I would do it the same way again.",
    "before the first frost.", "without a single late invoice.", "and the client cried a little.",
)  # fmt: skip
SENTENCES = [" ".join(parts) for parts in product(_OPENINGS, _THINGS, _ENDINGS)]
_REPLIES = (
    "This is lovely.", "Congratulations!", "I had the same last year.", "Thank you for writing this down.",
    "We tried that too.", "Good call.", "I know somebody who can help.", "Saved this for later.",
)  # fmt: skip
_QUESTIONS = (
    "How did you price it?", "Would you do it again?", "Send me a message if you need a hand.",
    "The part about the budget is what I needed.", "Who made the drawings?", "It shows.",
    "Let us talk about it at the next meeting.", "What would you change?",
)  # fmt: skip
COMMENTS = [" ".join(parts) for parts in product(_REPLIES, _QUESTIONS)]
