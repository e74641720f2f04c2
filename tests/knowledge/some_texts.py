"""Short texts of a few labels, enough to learn from, and texts that no label fits."""

from collections.abc import Mapping, Sequence

from knowledge.labelled import Text

BY_LABEL = {
    "slow": ("internet is slow", "pages load slowly", "speed is low tonight", "films keep buffering", "slow broadband"),
    "puk": ("sim asks for a puk", "where is my puk code", "sim card is blocked", "wrong pin three times", "puk needed"),
    "tv": (
        "tv picture is black",
        "no picture on the tv",
        "the tv box shows nothing",
        "black screen on tv",
        "tv is dark",
    ),
    "roaming": (
        "roaming abroad",
        "use my phone in spain",
        "no data on holiday",
        "roaming costs in france",
        "roam in usa",
    ),
}
UNSEEN = {
    "slow": ("my internet is really slow", "downloads are slow"),
    "puk": ("what is my puk", "phone wants a puk"),
    "tv": ("the television stays black", "my tv has no picture"),
    "roaming": ("does my phone work in italy", "roaming in germany"),
}
ABOUT_NOTHING = (
    "tell me a joke",
    "what is the capital of peru",
    "how do I cook rice",
    "who won the cup",
    "play a song",
)
UNSEEN_NOTHING = ("recipe for soup", "is it going to rain")


def labelled(by_label: Mapping[str, Sequence[str]]) -> list[Text]:
    return [Text(text, label) for label, texts in by_label.items() for text in texts]


TEST = [*labelled(UNSEEN), *(Text(text, None) for text in UNSEEN_NOTHING)]
