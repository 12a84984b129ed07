using PtxInterpreter.Parsing;

namespace PtxInterpreter.Memory;

/// <summary>Where each space lies among the generic addresses, and where its own addresses begin.</summary>
static class Windows
{
    /// <summary>First address of parameters, shared and local variables in their own spaces, so that 0 points at nothing.</summary>
    public const ulong FirstOffset = 1024;

    public const ulong Shared = 1ul << 32;
    public const ulong Local = 2ul << 32;
    public const ulong Global = 16ul << 32;

    /// <summary>What cvta adds to an address of a space to make it generic.</summary>
    public static ulong Base(StateSpace space) => space switch
    {
        StateSpace.Shared => Shared,
        StateSpace.Local => Local,
        _ => 0,
    };

    /// <summary>The space that a generic address lies in, and its address there.</summary>
    public static (StateSpace Space, ulong Address) Split(ulong generic) => generic switch
    {
        >= Global => (StateSpace.Global, generic),
        >= Local and < Local + (1ul << 32) => (StateSpace.Local, generic - Local),
        >= Shared and < Local => (StateSpace.Shared, generic - Shared),
        _ => (StateSpace.Global, generic),
    };
}
