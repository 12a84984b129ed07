using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Manifests;

/// <summary>Reads attributes by their definitions, going on after a wrong one.</summary>
sealed class AttributeReader(ValueReader values, Mistakes mistakes)
{
    bool hasUnknown;

    public ValueReader Values => values;

    /// <summary>Whether a value that was read is wrong or absent.</summary>
    public bool IsWrong { get; private set; }

    public void Allow(IReadOnlyList<string> names, Diagnostic code, string kind)
    {
        HarnessException[] unknown = [.. values.Unknown(names, code, kind)];
        hasUnknown = unknown.Length > 0 || mistakes.Has(code);
        mistakes.Add(unknown);
    }

    public T Read<TOwner, T>(AttributeDefinition<TOwner, T> attribute) => Read(() => attribute.Read(values), attribute.Fallback);

    /// <summary>A missing value is not complained of beside an unknown name: it is the same mistake, seen twice.</summary>
    public T Read<T>(Func<T> read, T fallback)
    {
        try
        {
            return read();
        }
        catch (HarnessException mistake)
        {
            IsWrong = true;
            if (!hasUnknown || mistake.Diagnostic != Codes.MissingValue)
                mistakes.Add(mistake);
            return fallback;
        }
    }
}
