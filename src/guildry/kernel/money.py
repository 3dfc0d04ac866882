"""Money in minor units with its currency; never a float."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

EXPONENTS = {"GBP": 2, "EUR": 2, "USD": 2, "SEK": 2, "NOK": 2, "DKK": 2, "CHF": 2, "PLN": 2, "CAD": 2,
             "AUD": 2, "NZD": 2, "INR": 2, "BRL": 2, "ZAR": 2, "JPY": 0, "KRW": 0, "KWD": 3}  # fmt: skip


class CurrencyMismatch(ValueError):
    """Two amounts in different currencies met in one sum."""


@dataclass(frozen=True, order=False)
class Money:
    """`minor` counts the smallest unit of the ISO 4217 `currency`: Money(1250, "GBP") is £12.50."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise ValueError(f"Unknown currency {self.currency!r}.")
        if type(self.minor) is not int:
            raise TypeError("Money counts whole minor units.")

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """Read a decimal such as "12.50"; raises ValueError on anything that is not exact in the currency."""
        if currency not in EXPONENTS:
            raise ValueError(f"Unknown currency {currency!r}.")
        try:
            scaled = Decimal(text.strip().replace(",", "")).scaleb(EXPONENTS[currency])
            if not scaled.is_finite() or scaled != scaled.to_integral_value():
                raise ValueError(f"{text!r} is not an exact amount of {currency}.")
        except InvalidOperation as error:
            raise ValueError(f"{text!r} is not an amount.") from error
        return cls(int(scaled), currency)

    @property
    def amount(self) -> Decimal:
        return Decimal(self.minor).scaleb(-EXPONENTS[self.currency])

    def __add__(self, other: "Money") -> "Money":
        self._check(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._check(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._check(other)
        return self.minor < other.minor

    def __le__(self, other: "Money") -> bool:
        self._check(other)
        return self.minor <= other.minor

    def allocate(self, weights: list[int]) -> list["Money"]:
        """Split by weight so that the parts sum to the whole; the largest remainders get the odd units."""
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("Weights must be non-negative and not all zero.")
        exact = [(self.minor * weight) // total for weight in weights]
        remainders = sorted(range(len(weights)), key=lambda i: (-(self.minor * weights[i] % total), i))
        for i in remainders[: self.minor - sum(exact)]:
            exact[i] += 1
        return [Money(part, self.currency) for part in exact]

    def _check(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not add up.")
