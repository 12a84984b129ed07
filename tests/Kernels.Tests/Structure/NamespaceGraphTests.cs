using Harness.Tests.Shared.Structure;
using Kernels.Tests.Structure.Lower;
using Kernels.Tests.Structure.Upper;

namespace Kernels.Tests.Structure
{
    /// <summary>What the tests of the layout rely on: cycles are found, and types are seen wherever code can name them.</summary>
    [TestFixture]
    public static class NamespaceGraphTests
    {
        [Test]
        public static void ShortestCycleIsNamedWithAnExampleOfEachStep()
        {
            NamespaceGraph graph = new();
            graph.Add("A", "B", "x names y");
            graph.Add("B", "C", "y names z");
            graph.Add("C", "A", "z names x");
            graph.Add("C", "D", "z names w");
            graph.Add("D", "C", "w names z");
            Assert.That(graph.ShortestCycle(), Is.EqualTo(new[] { "C -> D: z names w", "D -> C: w names z" }));
        }

        [Test]
        public static void NamespaceAndItsChildAreACycleWhereEachNamesTheOther()
        {
            NamespaceGraph graph = new();
            graph.Add("A", "A.B", "x names y");
            graph.Add("A.B", "A", "y names x");
            Assert.That(graph.ShortestCycle(), Has.Count.EqualTo(2));
        }

        [Test]
        public static void GraphWithoutCyclesHasNone()
        {
            NamespaceGraph graph = new();
            graph.Add("A", "B", "");
            graph.Add("A", "C", "");
            graph.Add("B", "C", "");
            Assert.That(graph.ShortestCycle(), Is.Empty);
        }

        [Test]
        public static void TableOfRoomsNamesWhatItLacksAndWhatItForbids()
        {
            SourceTree tree = new("", "Root", [
                SourceFile.Parse("A/X.cs", "using Harness.Kernels.Cpu;\nnamespace Root.A;\n"),
                SourceFile.Parse("B/Y.cs", "namespace Root.B;\n"),
                SourceFile.Parse("C/Z.cs", "namespace Root.C;\n"),
            ]);
            NamespaceGraph graph = new();
            graph.Add("Root.A", "Root.B", "X names Y");
            graph.Add("Root.B", "Root.A", "Y names X");
            graph.Add("Root.B", "System.Text", "Y names Encoding");
            RoomTable table = new(new Dictionary<string, IReadOnlyList<string>> { ["A"] = ["B"], ["B"] = [], ["D"] = [] });
            Assert.That(table.Faults(graph, tree), Is.EqualTo(new[]
            {
                "C is not in the table",
                "D is in the table, and there is no such room",
                "A imports kernels: A/X.cs",
                "B imports A, which its row does not list: Y names X",
            }));
        }

        [TestCase(typeof(NamesAsProperty))]
        [TestCase(typeof(NamesAsParameter))]
        [TestCase(typeof(NamesAsTypeArgument))]
        [TestCase(typeof(NamesInABody))]
        [TestCase(typeof(NamesAsPointer))]
        [TestCase(typeof(NamesInAnAttribute))]
        public static void TypeIsSeenWhereverItIsNamed(Type type) => Assert.That(TypeReferences.Of(type), Does.Contain(typeof(Named)));

        [Test]
        public static void SourcesShowMisplacedNamespacesAndTypes()
        {
            SourceTree tree = new("", "Root", [
                SourceFile.Parse("Room/Right.cs", "namespace Root.Room;\npublic sealed class Right;\npublic sealed record RightPart;\n"),
                SourceFile.Parse("Room/Right.More.cs", "namespace Root.Room;\npublic sealed partial class Right;\n"),
                SourceFile.Parse("Room/Wrong.cs", "// namespace Root.Room;\nnamespace Root.Other;\npublic static class Elsewhere;\n"),
            ]);
            Assert.That(
                tree.MisplacedNamespaces(), Is.EqualTo(new[] { "Room/Wrong.cs: namespace Root.Other, and its folder says Root.Room" }));
            Assert.That(
                tree.MisplacedTypes().Select(found => found[..found.IndexOf(':')]).Distinct(), Is.EqualTo(new[] { "Room/Wrong.cs" }));
        }
    }
}

namespace Kernels.Tests.Structure.Lower
{
    struct Named
    {
        public static int Value() => 1;
    }

    [AttributeUsage(AttributeTargets.Class)]
    sealed class NamedAttribute(Type type) : Attribute
    {
        public Type Type => type;
    }
}

namespace Kernels.Tests.Structure.Upper
{
    sealed class NamesAsProperty
    {
        public Named Value { get; set; }
    }

    static class NamesAsParameter
    {
        public static void Take(in Named named) => _ = named;
    }

    sealed class NamesAsTypeArgument : List<Dictionary<int, Named[]>>;

    static class NamesInABody
    {
        public static int Call() => Named.Value();
    }

    static unsafe class NamesAsPointer
    {
        public static void Take(Named* named) => _ = named;
    }

    [Named(typeof(Named))]
    static class NamesInAnAttribute;
}
