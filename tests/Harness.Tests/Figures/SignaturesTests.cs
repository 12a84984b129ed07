using System.Reflection;
using System.Text;
using Harness.Figures;
using Harness.Tests.Shared;

namespace Harness.Tests.Figures;

/// <summary>
/// ScottPlotSignatures.txt lists the members of ScottPlot 5 that the figures may use. The stand-in offers exactly those; the package,
/// where it is in use, offers at least those.
/// </summary>
[TestFixture]
sealed class SignaturesTests
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    static readonly string[] Listed =
        File.ReadAllLines(Path.Combine(Repository.Root, "tests/Harness.Tests/Figures/ScottPlotSignatures.txt"));

    [Test]
    public void Stand_in_offers_exactly_the_listed_members()
    {
        Assembly standIn = Assembly.Load("ScottPlot.Builtin");

        string[] offered = [.. standIn.GetExportedTypes().SelectMany(type => Signatures(type, type)).Order(StringComparer.Ordinal)];

        Assert.That(offered, Is.EqualTo(Listed));
    }

    [Test]
    public void Package_offers_every_listed_member()
    {
        if (FigureRenderer.Name.StartsWith("builtin", StringComparison.Ordinal))
            Assert.Ignore("the harness was built with the stand-in; -p:ScottPlotSource=package builds it with the package");
        Assembly package = Assembly.Load("ScottPlot");
        HashSet<string> offered =
            [.. package.GetExportedTypes().SelectMany(type => Lineage(type).SelectMany(part => Signatures(type, part)))];

        string[] missing = [.. Listed.Where(signature => !offered.Contains(signature))];

        Assert.That(missing, Is.Empty);
    }

    static IEnumerable<Type> Lineage(Type type)
    {
        for (Type? part = type; part is not null && part != typeof(object); part = part.BaseType)
            yield return part;
        if (type.IsInterface)
        {
            foreach (Type part in type.GetInterfaces())
                yield return part;
        }
    }

    /// <summary>Members that <paramref name="declaring"/> declares, said of <paramref name="type"/>, which has or inherits them.</summary>
    static IEnumerable<string> Signatures(Type type, Type declaring)
    {
        yield return $"{type.FullName} is {Kind(type)}";
        foreach (MemberInfo member in declaring.GetMembers(Declared))
        {
            string? signature = member switch
            {
                ConstructorInfo { DeclaringType: var owner } constructor when owner == type => $"({Parameters(constructor)})",
                MethodInfo method => $"{Static(method.IsStatic)}{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
                FieldInfo { IsLiteral: true } value => $"{value.Name} = {value.GetRawConstantValue()}",
                FieldInfo { IsSpecialName: false } field => $"{Static(field.IsStatic)}{Name(field.FieldType)} {field.Name}",
                _ => null,
            };
            if (signature is not null)
                yield return $"{type.FullName}: {signature}";
        }
    }

    static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class" : "class";

    static string Static(bool isStatic) => isStatic ? "static " : "";

    static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : "")}"));

    static string Name(Type type)
    {
        if (!type.IsGenericType)
            return type.FullName ?? type.Name;
        StringBuilder name = new(type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]);
        return name.Append('<').AppendJoin(", ", type.GetGenericArguments().Select(Name)).Append('>').ToString();
    }
}
