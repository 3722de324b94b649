using System.Management.Automation;
using System.Security;
using PSImageGen.Core;

namespace PSImageGen.Credentials;

/// <summary>
/// A secret, or the name of the environment variable that holds one. What is no such name may be the key itself, and is refused without
/// being shown.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeyOrVariableAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
    {
        SecureString secret => secret,
        PSCredential pair => pair.Password,
        string name when name.Length is > 0 and <= 100 && name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_') && !char.IsAsciiDigit(name[0]) => name,
        _ => throw new ArgumentTransformationMetadataException(Words.Of("-Credential takes the name of an environment variable in capital letters (such as PIXELWORKS_API_KEY), or the key as a SecureString or as the password of a PSCredential. A key is not typed in plain text, where the history of the session would keep it.")),
    };
}
