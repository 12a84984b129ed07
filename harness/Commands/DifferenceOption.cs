using System.CommandLine;
using Harness.Manifests;

namespace Harness.Commands;

/// <summary>Options that state a difference in accuracy, as 0.02 or 2%.</summary>
static class DifferenceOption
{
    /// <param name="absent">What holds where it is not given; 0: none is stated, and 0 may be given too.</param>
    public static Option<double> Create(string name, string description, double absent) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => absent,
        CustomParser = result =>
        {
            string written = result.Tokens[0].Value;
            if (ShareText.Read(written) is { } difference && difference < 1 && (difference > 0 || (difference == 0 && absent == 0)))
                return difference;
            result.AddError($"{name} is {written}; expected a difference in accuracy from {(absent == 0 ? "0" : "above 0")} to below 1, "
                + "such as 0.02 or 2%");
            return absent;
        },
    };
}
