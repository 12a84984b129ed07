namespace Harness.Figures;

/// <summary>A law of losses as figures show it.</summary>
/// <param name="Facts">Which law, of what.</param>
/// <param name="Sizes">In ascending order of parameters.</param>
/// <param name="Budgets">In ascending order of operations; none where too few sizes reach one.</param>
/// <param name="Least">
/// The least loss that the law gives for a budget, between the smallest and the largest; none where it has no best size.
/// </param>
public sealed record LossLawShown(
    string Facts, IReadOnlyList<SizeCurve> Sizes, IReadOnlyList<BudgetCurve> Budgets, IReadOnlyList<(double Flops, double Loss)> Least);

/// <summary>Models of one size, by their budgets in ascending order.</summary>
/// <param name="Predicted">By the law.</param>
/// <param name="HeldOut">Of models of which the law was fitted to none, their name; else null.</param>
public sealed record SizeCurve(double Parameters, double[] Flops, double[] Losses, double[] Predicted, string? HeldOut = null);

/// <summary>Models of equal operations, in ascending order of parameters.</summary>
/// <param name="Law">The law's losses at as many operations, between the smallest and the largest.</param>
public sealed record BudgetCurve(
    double Flops, double[] Parameters, double[] Losses, IReadOnlyList<(double Parameters, double Loss)> Law);
