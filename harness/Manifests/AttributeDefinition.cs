using System.Text.Json.Nodes;

namespace Harness.Manifests;

/// <summary>
/// One property, or one attribute of a pool or a strategy: all that reading, keys, overrides, comparisons and the documentation say
/// about it.
/// </summary>
public abstract record AttributeDefinition
{
    public required string Name { get; init; }

    /// <summary>A sentence without its full stop, for docs/experiments.md.</summary>
    public required string Summary { get; init; }

    /// <summary>What may be written, such as "an integer from 1 to 4096".</summary>
    public required string Values { get; init; }

    /// <summary>
    /// What holds where nothing is written, as it would be written; null where it is required or follows from something else.
    /// </summary>
    public string? Default { get; init; }

    /// <summary>In words, where <see cref="Default"/> is null and the attribute is not required.</summary>
    public string? DefaultSays { get; init; }

    public bool IsRequired => Default is null && DefaultSays is null;

    public required KeyPart Key { get; init; }

    /// <summary>
    /// Whether -p:NAME=VALUE takes its place: a property itself, a pool's attribute in every pool or, as POOL.NAME, in one.
    /// </summary>
    public bool IsOverridable { get; init; }
}

/// <summary>An attribute of one kind of owner.</summary>
/// <typeparam name="TOwner">What has it once it is read: the manifest, a pool, a strategy.</typeparam>
public abstract record AttributeDefinition<TOwner> : AttributeDefinition
{
    /// <summary>Its member of the key's JSON; null where it is in none.</summary>
    public string? KeyName { get; init; }

    /// <summary>The value as the key's JSON has it.</summary>
    public required Func<TOwner, JsonNode?> Describe { get; init; }

    /// <summary>Whether the key's JSON does without the member here.</summary>
    public Func<TOwner, bool> IsLeftOut { get; init; } = _ => false;

    /// <summary>Of a pool's attribute only.</summary>
    public PoolRole Role { get; init; } = PoolRole.Answers;
}

/// <summary>An attribute with its type.</summary>
/// <typeparam name="TOwner">As <see cref="AttributeDefinition{TOwner}"/>.</typeparam>
/// <typeparam name="T">Its value.</typeparam>
public sealed record AttributeDefinition<TOwner, T> : AttributeDefinition<TOwner>
{
    internal Func<ValueReader, T> Read { get; init; } = _ =>
        throw new InvalidOperationException("the attribute names an object, which the reader binds");

    /// <summary>Stands for the value while a manifest's other mistakes are looked for.</summary>
    public required T Fallback { get; init; }
}
