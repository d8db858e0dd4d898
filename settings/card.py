"""What people say of the model: the texts of the model card that each registered version gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

# Source: aws/sagemaker-python-sdk, sagemaker-core/src/sagemaker/core/tools/model_card/model_card_schema.json.
SECTIONS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "model_overview": {"model_description": 1_024, "model_creator": 1_024, "model_owner": 1_024},
        "intended_uses": {
            "purpose_of_model": 2_048,
            "intended_uses": 2_048,
            "factors_affecting_model_efficiency": 2_048,
            "risk_rating": 7,
            "explanations_for_risk_rating": 2_048,
        },
        "business_details": {"business_problem": 2_048, "business_stakeholders": 2_048, "line_of_business": 2_048},
        "additional_information": {"ethical_considerations": 2_048, "caveats_and_recommendations": 2_048},
    }
)
"""Section of a card -> its texts, options of `Card` -> the most characters that SageMaker takes of each."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """The texts, by SageMaker's names for them; what an execution knows of its model it adds itself."""

    model_description: str = "A linear model of an employee's yearly bonus, from what the employee record says."
    model_creator: str = "The EmpBonus training pipeline."
    model_owner: str = "The team that deploys the EmpBonus pipeline."
    purpose_of_model: str = "Predicts what bonus is usual for an employee like this one, as past bonuses were paid."
    intended_uses: str = (
        "A point of reference for whoever plans or reviews bonuses. Not to decide on one person's pay without a person"
        " who answers for the decision, and not for hiring, promotion or dismissal."
    )
    factors_affecting_model_efficiency: str = (
        "Changes of pay policy, salaries or departments since the training data; employees unlike those in it; values"
        " that are missing, which stand for a usual value."
    )
    risk_rating: Literal["High", "Medium", "Low", "Unknown"] = "High"
    explanations_for_risk_rating: str = (
        "It is about people's pay: an error that is larger for one group than for another is unequal treatment."
    )
    business_problem: str = "Bonuses are planned by many people, who have no common point of reference."
    business_stakeholders: str = "Employees, their managers, human resources, works council."
    line_of_business: str = "Human resources"
    ethical_considerations: str = (
        "The model repeats the past, its injustice included. Age is protected by law in many countries; department and"
        " salary can stand in for what is not in the data. Compare the mean errors of groups before approval."
    )
    caveats_and_recommendations: str = (
        "Its figures are of held-out rows of one data version and say nothing of later data. Differences between groups"
        " of few people are uncertain. Train it anew when pay policy changes."
    )
