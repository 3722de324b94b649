using System.Management.Automation;
using System.Security;
using PSImageGen.Core;

namespace PSImageGen.Credentials;

/// <summary>
/// A secret comes as a secure text or as the password of a PSCredential. Anything else is refused without being shown: PowerShell's own refusal would quote it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
    {
        SecureString secret => secret,
        PSCredential pair => pair.Password,
        _ => throw new ArgumentTransformationMetadataException(Words.Of("A key is not typed in plain text, where the history of the session would keep it. Leave -Credential out to be asked, or give it a SecureString or a PSCredential with the key as its password.")),
    };
}
