using System.Collections;
using System.Management.Automation;
using PSImageGen.Core;

namespace PSImageGen.Input;

/// <summary>
/// Lets only texts through to a parameter of texts. PowerShell would turn anything else into its text form, and a picture of
/// <c>System.Collections.Hashtable</c> would be paid for.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextOnlyAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = Unwrap(inputData);
        return bare switch
        {
            null => null,
            string text => text,
            IEnumerable items and not IDictionary => items.Cast<object?>().Select(i => Unwrap(i) is null or string ? (string?)Unwrap(i) : throw NotText(i!)).ToArray(),
            _ => throw NotText(bare),
        };
    }

    private static object? Unwrap(object? value) => value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;

    private static ArgumentTransformationMetadataException NotText(object value) =>
        new(Words.Of($"A text is wanted here; this is a {value.GetType().Name}. Rows, files and results go in through the pipeline."));
}
