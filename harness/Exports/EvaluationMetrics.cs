using System.Text.Json.Nodes;

namespace Harness.Exports;

/// <summary>The metrics of one result, in the form of Microsoft.Extensions.AI.Evaluation: the kind of each comes first.</summary>
sealed class EvaluationMetrics
{
    /// <summary>Ratings of that library, the best first.</summary>
    public const string Exceptional = "exceptional", Good = "good", Poor = "poor", Unacceptable = "unacceptable";

    /// <summary>By their names.</summary>
    public JsonObject Json { get; } = [];

    /// <summary>A number; without a value where it is not known.</summary>
    /// <param name="name">Of the metric.</param>
    /// <param name="value">NaN for what is not known.</param>
    /// <param name="reason">A remark; null for none.</param>
    /// <param name="rating">Null for a number that is neither good nor bad. Only what is unacceptable has failed.</param>
    public void Add(string name, double value, string? reason = null, string? rating = null) =>
        Add(name, "numeric", double.IsFinite(value) ? value : null, reason, rating);

    /// <summary>Right, or failed.</summary>
    public void Add(string name, bool value, string? reason) =>
        Add(name, "boolean", value, reason, value ? Exceptional : Unacceptable);

    void Add(string name, string kind, JsonNode? value, string? reason, string? rating)
    {
        JsonObject metric = new() { ["$type"] = kind };
        if (value is not null)
            metric["value"] = value;
        metric["name"] = name;
        if (reason is not null)
            metric["reason"] = reason;
        if (rating is not null)
            metric["interpretation"] = new JsonObject { ["rating"] = rating, ["failed"] = rating == Unacceptable };
        Json[name] = metric;
    }
}
